import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import { VerdictTally, type VerificationSummary } from './verdict-tally.ts';

/**
 * Counts what the judge said of the pairs of some conversations, and how far its verdicts depend on the order of the
 * responses. Turns without a verdict are left out.
 *
 * @example
 * ```ts
 * import { describeVerification, readConversations, summarizeVerdicts } from 'aloe-align';
 *
 * const summary = await summarizeVerdicts(readConversations('verified.jsonl'));
 * console.log(describeVerification(summary));
 * ```
 */
export async function summarizeVerdicts(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
): Promise<VerificationSummary> {
  const tally = new VerdictTally();
  for await (const tree of trees) {
    for (const { node } of decisionPoints(tree)) if (node.verdict !== undefined) tally.add(node.verdict);
  }
  return tally.result();
}
