import { checkedTrees, checkIterable } from '../conversations/check-trees.ts';
import {
  type ConversationTree,
  decisionPoints,
  type ResponseNode,
  type TurnNode,
} from '../conversations/conversation-tree.ts';
import type { PairVerdict } from '../conversations/pair-verdict.ts';
import { promptName } from '../models/prompt.ts';
import { mapWork } from '../runs/work/map-work.ts';
import { answersInBatches } from '../runs/work/work-at-once.ts';
import { pairJudge } from './pair-judge.ts';
import { checkVerifyOptions, type VerifyPairsOptions } from './verify-options.ts';

/**
 * Has a judge check which response of every pair this user would rather have got, and passes the conversations on with its
 * verdicts. The judge knows the whole persona, and is asked twice, with either response first. It decides only if it picks the
 * same one both times. Nothing is left out here: exports drop pairs by their verdict.
 *
 * Verdicts come from the run's journal if it holds them, so that an interrupted verification is resumed by running it again.
 *
 * @example
 * ```ts
 * import { readConversations, saveConversations, verifyPairs } from 'aloe-align';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const verified = verifyPairs(readConversations('conversations.jsonl'), { run, judge: openai('gpt-4o') });
 * await saveConversations(verified, 'verified.jsonl');
 * ```
 *
 * @param trees Conversations from a builder or a file. Earlier verdicts are replaced.
 * @throws InvalidOptionError for an unknown or invalid option; from the stream, for an invalid tree. Errors that every call
 * would hit (no key, no server) are thrown from the stream.
 */
export function verifyPairs(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
  options: VerifyPairsOptions,
): AsyncGenerator<ConversationTree> {
  checkIterable('trees', trees);
  const { run, judge, prompt, temperature, maxOutputTokens, attempts, ...others } =
    checkVerifyOptions(options);
  const { concurrency, order, onEvent, signal } = others;
  const ask = pairJudge({ run, judge, prompt, temperature, maxOutputTokens, attempts });
  // Otherwise one after the other: each request then begins with the last one, which providers charge less for.
  const inBatches = answersInBatches(judge);

  async function verify(tree: ConversationTree, ending: AbortSignal): Promise<ConversationTree> {
    const { id: conversationId, persona, task } = tree;
    onEvent({ type: 'verification-start', conversationId });
    const verdicts = new Map<TurnNode, PairVerdict>();
    const points = [...decisionPoints(tree)];
    for (const together of inBatches ? [points] : points.map((point) => [point])) {
      const judged = together.map(async (point) => {
        const { node } = point;
        const verdict = await ask({ conversationId, persona, task, point }, ending);
        verdicts.set(node, verdict);
        onEvent({ type: 'pair-verified', conversationId, turn: node.turn, verdict });
      });
      for (const each of await Promise.allSettled(judged)) if (each.status === 'rejected') throw each.reason;
    }
    const verified = { ...tree, root: tree.root && withVerdicts(tree.root, verdicts) };
    onEvent({ type: 'verification-end', conversationId, tree: verified });
    return verified;
  }

  return mapWork(
    run,
    checkedTrees(trees),
    {
      name: 'verified conversations',
      setting: () => ({
        judge: judge.id,
        prompt: promptName(prompt),
        temperature,
        maxOutputTokens,
        attempts,
      }),
      content: (tree) => tree,
      play: verify,
      isWhole: (tree) =>
        [...decisionPoints(tree)].every(({ node }) =>
          node.verdict?.orders.every(({ picked }) => picked !== null),
        ),
      received({ id: conversationId }, tree) {
        onEvent({ type: 'verification-start', conversationId });
        for (const { node } of decisionPoints(tree)) {
          onEvent({ type: 'pair-verified', conversationId, turn: node.turn, verdict: node.verdict! });
        }
        onEvent({ type: 'verification-end', conversationId, tree });
      },
    },
    { concurrency, order, signal },
  );
}

/** The turn and all that follow it, with their verdicts. */
function withVerdicts(node: TurnNode, verdicts: ReadonlyMap<TurnNode, PairVerdict>): TurnNode {
  const follow = (response: ResponseNode): ResponseNode =>
    response.next === undefined ? response : { ...response, next: withVerdicts(response.next, verdicts) };
  const verdict = verdicts.get(node)!;
  return { ...node, preferred: follow(node.preferred), rejected: follow(node.rejected), verdict };
}
