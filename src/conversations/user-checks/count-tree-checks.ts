import { type ConversationTree, decisionPoints } from '../conversation-tree.ts';
import { countUserChecks, failedMessage, type UserCheckRates } from './user-check-rates.ts';

/** What the checks found in all user messages of a tree, those that never came included. */
export function countTreeChecks(tree: Pick<ConversationTree, 'root' | 'failures'>): UserCheckRates {
  const came = Array.from(decisionPoints(tree), ({ node }) => node);
  const failed = tree.failures.filter(({ role }) => role === 'role-player').map(failedMessage);
  return countUserChecks([...came, ...failed]);
}
