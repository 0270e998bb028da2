import type { TurnNode } from '../conversations/conversation-tree.ts';

/** Why the two responses of a turn differ, for a reader who knows nothing of the method. */
export function describeTold({
  revealed,
  preferred,
  rejected,
}: Pick<TurnNode, 'revealed' | 'preferred' | 'rejected'>): string {
  if (preferred.text.trim() === rejected.text.trim()) return 'Both responses are the same.';
  const count = revealed.length;
  if (count === 0) return 'Nothing is known about the user yet, so both models were told the same.';
  const things = count === 1 ? 'the one thing' : `the ${count} things`;
  return `The preferred response was written by a model that was told ${things} the user has revealed; the rejected one by a model that was told nothing.`;
}
