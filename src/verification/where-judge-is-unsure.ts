import type { BranchWorth } from '../conversations/branching/branching.ts';
import { pairJudge } from './pair-judge.ts';
import { checkVerifyOptions, type VerifyPairsOptions } from './verify-options.ts';

/** The largest margin. */
const FAR = 3;

/**
 * Worth is how unsure a judge is which response this user would rather have got: 1 if its verdicts in the two orders disagree or
 * both are equal, less the larger its margin, 0 at the largest. Two calls per turn, beside those of `branchCalls`. `verifyPairs`
 * with the same run and options finds them there.
 *
 * @example
 * ```ts
 * const judge = openai('gpt-4o');
 * new ConversationTreeBuilder({ run, roles, branchCalls: 80, branchWorth: whereJudgeIsUnsure({ run, judge }) });
 * ```
 *
 * @throws InvalidOptionError for an unknown or invalid option.
 */
export function whereJudgeIsUnsure(
  options: Pick<
    VerifyPairsOptions,
    'run' | 'judge' | 'prompt' | 'temperature' | 'maxOutputTokens' | 'attempts'
  >,
): BranchWorth {
  const ask = pairJudge(checkVerifyOptions(options));
  return async ({ conversationId, persona, task, point }, signal) => {
    const { winner, margin } = await ask({ conversationId, persona, task, point }, signal);
    return winner === 'undecided' ? 1 : 1 - Math.abs(margin) / FAR;
  };
}
