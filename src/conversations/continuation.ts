import { checkNumber } from '../internal/options.ts';
import type { Random } from '../internal/random.ts';
import type { Side } from './conversation-tree.ts';

export interface ContinuationContext {
  /** The turn that was just played, from 1. */
  readonly turn: number;
  /** The sides that were taken to come to this turn. */
  readonly path: readonly Side[];
  /** Seeded by the place in the tree. */
  readonly random: Random;
}

/** Decides from which of the two responses a conversation goes on: one, both or (an empty list) none. */
export type ContinuationPolicy = (context: ContinuationContext) => readonly Side[];

/** One of the two at random: what the paper does. A conversation of 10 turns has 10 decision points. */
export function continueOne(): ContinuationPolicy {
  return ({ random }) => [random() < 0.5 ? 'preferred' : 'rejected'];
}

/**
 * Both responses for the first `depth` turns, then one at random: the tree has `2^depth` leaves.
 *
 * @throws InvalidOptionError unless `depth` is a whole number from 0 to 10.
 */
export function continueBoth({ depth }: { readonly depth: number }): ContinuationPolicy {
  checkNumber('depth', depth, { min: 0, max: 10, integer: true });
  const one = continueOne();
  return (context) => (context.turn <= depth ? ['preferred', 'rejected'] : one(context));
}
