import * as z from 'zod';
import type { Run } from '../runs/run.ts';
import { type ServedCount, ServedTally, servedCountsSchema } from '../runs/tally-served.ts';

/** The parts that models play in an evaluation. `checker` looks for contradictions in user messages. */
export type EvaluationRole = 'user' | 'judge' | 'candidate' | 'inducer' | 'checker';

/**
 * Which models answered in each role, as their servers report it. An empty list: no model was asked. A role is absent if
 * it was not recorded, as in results of version 0.1.
 */
export type ServedByRole = Readonly<Partial<Record<EvaluationRole, readonly ServedCount[] | undefined>>>;

export const servedByRoleSchema: z.ZodType<ServedByRole> = z.object({
  user: servedCountsSchema.optional(),
  judge: servedCountsSchema.optional(),
  candidate: servedCountsSchema.optional(),
  inducer: servedCountsSchema.optional(),
  checker: servedCountsSchema.optional(),
});

/** How each role is named in texts. */
export const ROLE_NAMES: Readonly<Record<EvaluationRole, string>> = {
  user: 'simulated user',
  judge: 'judge',
  candidate: 'candidate',
  inducer: 'inducer',
  checker: 'contradiction check',
};

/** The run as each role of one evaluation sees it, with its answers counted. */
export interface RoleRuns {
  readonly runs: Readonly<Record<EvaluationRole, Run>>;
  /** What was counted so far. */
  served(): ServedByRole;
}

/** Counts the answers of one evaluation by role. */
export function countByRole(run: Run): RoleRuns {
  const tallies: Record<EvaluationRole, ServedTally> = {
    user: new ServedTally(),
    judge: new ServedTally(),
    candidate: new ServedTally(),
    inducer: new ServedTally(),
    checker: new ServedTally(),
  };
  const each = <Value>(make: (tally: ServedTally) => Value) =>
    Object.fromEntries(Object.entries(tallies).map(([role, tally]) => [role, make(tally)])) as Record<
      EvaluationRole,
      Value
    >;
  return { runs: each((tally) => tally.around(run)), served: () => each((tally) => tally.result()) };
}
