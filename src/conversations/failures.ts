import { MalformedReplyError } from '../errors.ts';
import { describeError } from '../internal/describe-error.ts';
import type { ConversationFailure } from './conversation-tree.ts';

/** A failure as trees and results record it. */
export function toFailure(turn: number, role: string, error: unknown): ConversationFailure {
  const problems = error instanceof MalformedReplyError ? error.problems : [];
  return { turn, role, ...describeError(error), ...(problems.length > 0 && { problems }) };
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
