import * as z from 'zod';

/** How a candidate recovers after users change. Turns count from the drift: turn 0 is the changed user's first. */
export interface DriftRecovery {
  /** Number of cases whose user changes. */
  readonly cases: number;
  /** Mean level before the drift; null if nothing was scored. */
  readonly before: number | null;
  /** Mean level at each turn from the drift on, over the cases that reach it. */
  readonly after: readonly (number | null)[];
  /** Turns until the mean level is back at `before` (see `turnsToRecover`); null if it does not recover. */
  readonly turnsToRecover: number | null;
  /** Number of cases with scores both before and after the drift. */
  readonly measured: number;
  /** Number of measured cases whose own scores recover. */
  readonly recovered: number;
  /** Median turns to recover over the recovered cases; null if there are none. */
  readonly medianTurns: number | null;
}

export const recoverySchema: z.ZodType<DriftRecovery> = z.object({
  cases: z.number().int(),
  before: z.number().nullable(),
  after: z.array(z.number().nullable()),
  turnsToRecover: z.number().int().nullable(),
  measured: z.number().int(),
  recovered: z.number().int(),
  medianTurns: z.number().nullable(),
});
