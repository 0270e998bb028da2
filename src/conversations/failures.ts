import { AloeError } from '../errors.ts';
import { redact } from '../internal/redact.ts';
import type { ConversationFailure } from './conversation-tree.ts';

/** The failure of a role at a turn, as a tree records it. `unknown` is the code of errors from outside this library. */
export function describeFailure(turn: number, role: string, error: unknown): ConversationFailure {
  if (AloeError.isInstance(error)) return { turn, role, code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { turn, role, code: 'unknown', message: redact(message) };
}

/** In the order of turns and roles, so that it does not tell which call was faster. */
export function sortFailures(failures: readonly ConversationFailure[]): ConversationFailure[] {
  return failures.toSorted(
    (a, b) => a.turn - b.turn || compare(a.role, b.role) || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
