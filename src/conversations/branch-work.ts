import { endsRun } from '../internal/ends-run.ts';
import type { ConversationFailure } from './conversation-tree.ts';
import { toFailure } from './failures.ts';

/** The work on the branches of one tree. A failed role ends its branch; an error that every conversation would hit ends them all. */
export interface BranchWork {
  /** What ended branches so far. */
  readonly failures: readonly ConversationFailure[];
  /**
   * Does a role's part of a turn.
   *
   * @throws What {@link unlessEnded} catches, if the role fails. Errors that would affect every conversation. On abort, the
   * signal's reason.
   */
  asRole<Value>(turn: number, role: string, work: () => Promise<Value>): Promise<Value>;
  /**
   * Waits for both, even if one fails, so that finished calls reach the journal. After an error that would affect every
   * conversation, the other branch makes no new calls.
   */
  both<A, B>(first: A | Promise<A>, second: B | Promise<B>): Promise<[A, B]>;
}

/** Thrown when a branch cannot continue. The cause is in `failures`. */
const BRANCH_ENDED = Symbol('branch ended');

/** What the work on a branch gives, or null if the branch ended in it. */
export async function unlessEnded<Value>(work: Promise<Value>): Promise<Value | null> {
  try {
    return await work;
  } catch (error) {
    if (error === BRANCH_ENDED) return null;
    throw error;
  }
}

/** The work on a tree that has no branches yet. */
export function branchWork(signal: AbortSignal): BranchWork {
  const failures: ConversationFailure[] = [];
  let stopped: { readonly error: unknown } | undefined;
  return {
    failures,
    async asRole(turn, role, work) {
      if (stopped !== undefined) throw stopped.error;
      try {
        return await work();
      } catch (error) {
        if (signal.aborted || endsRun(error)) throw error;
        failures.push(toFailure(turn, role, error));
        throw BRANCH_ENDED;
      }
    },
    async both(first, second) {
      const outcomes = [first, second].map(async (work) => {
        try {
          await work;
        } catch (error) {
          if (error !== BRANCH_ENDED) stopped ??= { error };
        }
      });
      await Promise.all(outcomes);
      if (stopped !== undefined) throw stopped.error;
      return Promise.all([first, second]);
    },
  };
}
