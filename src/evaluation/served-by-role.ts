import * as z from 'zod';
import { type ServedCount, servedCountsSchema } from '../runs/served/tally-served.ts';

/**
 * The parts that models play in an evaluation. `checker` checks user messages and looks for habits in them, `costJudge`
 * decides on costs.
 */
export type EvaluationRole = 'user' | 'judge' | 'candidate' | 'inducer' | 'checker' | 'costJudge';

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
  costJudge: servedCountsSchema.optional(),
});

export const EVALUATION_ROLES: readonly EvaluationRole[] = [
  'user',
  'judge',
  'candidate',
  'inducer',
  'checker',
  'costJudge',
];

/** How each role is named in texts. */
export const ROLE_NAMES: Readonly<Record<EvaluationRole, string>> = {
  user: 'simulated user',
  judge: 'judge',
  candidate: 'candidate',
  inducer: 'inducer',
  checker: 'user check',
  costJudge: 'judge of costs',
};
