import { describeError } from '../../internal/describe-error.ts';
import { endsRun } from '../../internal/ends-run.ts';
import type { Judgement } from '../judge.ts';

/** Turns a failed call into a judgement without a score. Rethrows errors that every other call would hit too. */
export function failedJudgement(error: unknown, signal: AbortSignal | undefined): Judgement {
  signal?.throwIfAborted();
  if (endsRun(error)) throw error;
  const { code, message } = describeError(error);
  const status = code === 'malformed-reply' ? 'malformed-verdict' : 'judge-failed';
  return { score: null, status, rationale: message };
}
