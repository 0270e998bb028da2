import { describeError } from '../internal/describe-error.ts';
import { endsRun } from '../internal/ends-run.ts';
import {
  type Judge,
  type JudgeCallOptions,
  type JudgeInput,
  type Judgement,
  judgementSchema,
} from './judge.ts';
import { isSilent, silentJudgement } from './silent-response.ts';

/**
 * Asks a judge and always returns a judgement. An empty response scores 1 without asking. If the judge fails or returns
 * something else, the score is null and the status says why. Only errors that would hit every other call too (an abort,
 * a missing key) are thrown.
 */
export async function judgeResponse(
  judge: Judge,
  input: JudgeInput,
  options: JudgeCallOptions,
): Promise<Judgement> {
  if (isSilent(input.response)) return silentJudgement();
  let answer: unknown;
  try {
    answer = await judge.judge(input, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (endsRun(error)) throw error;
    return { score: null, status: 'judge-failed', rationale: describeError(error).message };
  }
  const judgement = judgementSchema.safeParse(answer);
  if (judgement.success) return judgement.data;
  const [problem] = judgement.error.issues;
  return {
    score: null,
    status: 'malformed-verdict',
    rationale: `${judge.id} returned an invalid judgement (${[...(problem?.path ?? []), problem?.message].join(': ')}).`,
  };
}
