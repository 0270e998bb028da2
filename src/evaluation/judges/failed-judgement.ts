import { describeError } from '../../internal/describe-error.ts';
import { endsRun } from '../../internal/ends-run.ts';
import type { Judgement } from '../judge.ts';

/** What a failed call comes to: no score, with the reason. What every other call would meet as well is thrown. */
export function failedJudgement(error: unknown, signal: AbortSignal | undefined): Judgement {
  signal?.throwIfAborted();
  if (endsRun(error)) throw error;
  const { code, message } = describeError(error);
  const status = code === 'malformed-reply' ? 'malformed-verdict' : 'judge-failed';
  return { score: null, status, rationale: message };
}
