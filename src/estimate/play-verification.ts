import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import { checkNumber } from '../internal/options.ts';
import type { VerifyPairsOptions } from '../verification/verify-options.ts';
import { verifyPairs } from '../verification/verify-pairs.ts';
import { type CountedCalls, countCalls, type DryRun, type Extent } from './dry-run.ts';
import { STORED_SAMPLE_SIZE, spread } from './sample.ts';
import type { Scenario } from './scenario.ts';

/** The options of `verifyPairs()`, and what is to be verified. */
export interface PlannedVerification extends VerifyPairsOptions {
  /** The conversations, or a sample of them. */
  readonly conversations: readonly ConversationTree[];
  /** Number of pairs in all. Default: those of `conversations`. */
  readonly pairs?: number | undefined;
}

/** The calls of `verifyPairs()`. A large corpus is cut and multiplied. */
export async function playVerification(
  { conversations, pairs, ...options }: PlannedVerification,
  scenario: Scenario,
): Promise<CountedCalls> {
  const trees = spread(conversations).slice(0, STORED_SAMPLE_SIZE);
  const planned = checkNumber('verification.pairs', pairs ?? countPairs(conversations), {
    min: 0,
    integer: true,
  });
  async function play({ run, rounds }: DryRun): Promise<Extent> {
    const settings = { ...options, run, concurrency: 1, onEvent: undefined, signal: undefined };
    for await (const _tree of verifyPairs(trees, settings));
    const played = countPairs(trees);
    // One conversation after the other here, but in lock-step in the run.
    return played === 0
      ? { times: 0, rounds: 0 }
      : { times: planned / played, rounds: Math.ceil(rounds() / trees.length) };
  }
  return countCalls(play, scenario, { real: options.run });
}

function countPairs(trees: readonly ConversationTree[]): number {
  return trees.reduce((sum, tree) => sum + [...decisionPoints(tree)].length, 0);
}
