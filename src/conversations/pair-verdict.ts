import * as z from 'zod';
import type { Side } from './side.ts';

/** Which response a judge prefers. `undecided`: the two orders disagree, both say equal, or an order has no verdict. */
export type PairWinner = Side | 'undecided';

/** What a judge said when the responses stood in one order. */
export interface OrderVerdict {
  /** The response that was shown first. */
  readonly first: Side;
  /** The response that the judge picked. Null if it gave no usable verdict. */
  readonly picked: Side | 'equal' | null;
  /** How much better the judge called it: 1 slightly, 2 clearly, 3 far; 0 if equal or without a verdict. */
  readonly strength: number;
  /** The judge's reason, or the error message without a verdict. */
  readonly rationale?: string | undefined;
}

/** A judge's verdict on the two responses of a turn, asked with either response first. */
export interface PairVerdict {
  /** The response that the judge picked in both orders. */
  readonly winner: PairWinner;
  /**
   * Mean over both orders of the strength by which the judge prefers the preferred response, from -3 to 3. Negative if it
   * prefers the rejected one; 0 if an order has no verdict. The judge's own words as a number: it orders pairs of one judge.
   */
  readonly margin: number;
  /** Model id of the judge. */
  readonly judge: string;
  /** Names under which the judge's server says it answered, sorted. Absent if it did not say, and for a model in this process. */
  readonly served?: readonly string[] | undefined;
  /** `id@version` of the prompt. */
  readonly prompt: string;
  /** One for each order, the preferred response first. Empty if both responses are the same text, which no judge is asked about. */
  readonly orders: readonly OrderVerdict[];
}

const side = z.enum(['preferred', 'rejected']);

export const pairVerdictSchema: z.ZodType<PairVerdict> = z.object({
  winner: z.enum(['preferred', 'rejected', 'undecided']),
  margin: z.number().min(-3).max(3),
  judge: z.string(),
  served: z.array(z.string()).optional(),
  prompt: z.string(),
  orders: z.array(
    z.object({
      first: side,
      picked: z.enum(['preferred', 'rejected', 'equal']).nullable(),
      strength: z.number().int().min(0).max(3),
      rationale: z.string().optional(),
    }),
  ),
});
