import type { ConversationTree, Side, TurnNode } from '../../conversations/conversation-tree.ts';
import type { UserProblem } from '../../conversations/user-checks/user-check.ts';

/**
 * Problems of a message that a person could still have written. They spoil the response to it. All others mean that the user fell out of
 * the role, and spoil what follows too.
 */
const PLAUSIBLE: readonly UserProblem[] = ['contradiction', 'oversharing', 'third-person-fact'];

/**
 * The problem that makes a user message unusable as what a response answers: its own, if it was kept in spite of one, or that of an earlier
 * message of the same branch in which the user fell out of the role.
 */
export function findFlawedUserTurn(
  tree: Pick<ConversationTree, 'root'>,
  node: TurnNode,
  path: readonly Side[],
): UserProblem | null {
  const own = node.checks?.kept;
  if (own !== undefined) return own;
  // A path leads from node to node, so there is one at each step.
  let earlier = tree.root!;
  for (const side of path) {
    const kept = earlier.checks?.kept;
    if (kept !== undefined && !PLAUSIBLE.includes(kept)) return kept;
    earlier = earlier[side].next!;
  }
  return null;
}
