import type { ConversationFailure } from './conversation-tree.ts';

/** In the order of turns and roles, so that it does not tell which call was faster. */
export function sortFailures(failures: readonly ConversationFailure[]): ConversationFailure[] {
  return failures.toSorted(
    (a, b) => a.turn - b.turn || compare(a.role, b.role) || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
