import { MalformedReplyError } from '../errors.ts';
import { describeError } from '../internal/describe-error.ts';
import type { ConversationFailure } from './conversation-tree.ts';

/** Converts an error to the form that trees and results record. */
export function toFailure(turn: number, role: string, error: unknown): ConversationFailure {
  const problems = error instanceof MalformedReplyError ? error.problems : [];
  return { turn, role, ...describeError(error), ...(problems.length > 0 && { problems }) };
}

/** Sorts by turn and role, so that the order does not depend on which call finished first. */
export function sortFailures(failures: readonly ConversationFailure[]): ConversationFailure[] {
  return failures.toSorted(
    (a, b) => a.turn - b.turn || compare(a.role, b.role) || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
