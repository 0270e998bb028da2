import { checkNumber } from '../internal/options.ts';
import type { Random } from '../internal/random.ts';
import type { Side } from './conversation-tree.ts';

/** What a {@link ContinuationPolicy} can decide by. */
export interface ContinuationContext {
  /** The turn just played, from 1. */
  readonly turn: number;
  /** The sides taken to get to this turn. */
  readonly path: readonly Side[];
  /** Random numbers from 0 to below 1, seeded by the position in the tree. */
  readonly random: Random;
}

/** Decides which responses a conversation continues from: one, both, or none (an empty list). */
export type ContinuationPolicy = (context: ContinuationContext) => readonly Side[];

/**
 * Continues from one of the two responses at random, as in the paper. 10 turns give 10 decision points.
 *
 * @example
 * ```ts
 * new ConversationTreeBuilder({ roles: model, continuation: continueOne() });
 * ```
 */
export function continueOne(): ContinuationPolicy {
  return ({ random }) => [random() < 0.5 ? 'preferred' : 'rejected'];
}

/**
 * Continues from both responses for the first `depth` turns, then from one at random. The tree has `2^depth` leaves.
 *
 * @example
 * ```ts
 * new ConversationTreeBuilder({ run, roles, continuation: continueBoth({ depth: 2 }) });
 * ```
 *
 * @throws InvalidOptionError unless `depth` is a whole number from 0 to 10.
 */
export function continueBoth({ depth }: { readonly depth: number }): ContinuationPolicy {
  checkNumber('depth', depth, { min: 0, max: 10, integer: true });
  const one = continueOne();
  return (context) => (context.turn <= depth ? ['preferred', 'rejected'] : one(context));
}
