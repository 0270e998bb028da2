import { describeError } from '../internal/describe-error.ts';
import { endsRun } from '../internal/ends-run.ts';
import {
  type Judge,
  type JudgeCallOptions,
  type JudgeInput,
  type Judgement,
  judgementSchema,
} from './judge.ts';

/**
 * Asks a judge and always has a judgement: an empty response is not shown to it, and a judge that fails, or answers
 * something else than a judgement, gives null with the reason. Only what every other call would meet as well (an
 * abort, a missing key) is thrown.
 */
export async function judgeResponse(
  judge: Judge,
  input: JudgeInput,
  options: JudgeCallOptions,
): Promise<Judgement> {
  if (input.response.trim() === '') return { score: null, status: 'no-response' };
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
    rationale: `${judge.id} gave no valid judgement (${[...(problem?.path ?? []), problem?.message].join(': ')}).`,
  };
}
