import * as z from 'zod';
import {
  type DropoutDifference,
  dropoutDifference,
  type WithinCaseRate,
  withinCaseImprovementRate,
} from '../../metrics/index.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import { clusterLabels, RESAMPLING } from '../evaluation-statistics.ts';

/** Whether missing scores bias the levels, and the improvement rate that does not depend on which cases go missing. */
export interface Dropout extends DropoutDifference {
  /** IR within cases; null if the turns are not linked by cases, so that it cannot be estimated. */
  readonly withinCases: WithinCaseRate | null;
}

/**
 * Computes it from scores, simulations x turns. Null if no score is missing. It is simulations that break off, so they are
 * the rows here; the repeats of a case stay together with its profile and personality.
 */
export function measureDropout(
  cases: readonly EvaluatedCase[],
  scores: readonly (readonly (number | null)[])[],
  seed: number,
): Dropout | null {
  if (scores.every((row) => row.every((score) => score !== null))) return null;
  const options = { ...RESAMPLING, seed, ...clusterLabels(cases) };
  return {
    ...dropoutDifference(scores, options),
    withinCases: withinCaseImprovementRate(scores, options),
  };
}

const intervalSchema = z.object({ low: z.number(), high: z.number() });

export const dropoutSchema: z.ZodType<Dropout | null> = z
  .object({
    cases: z.number().int(),
    difference: z.number().nullable(),
    pValue: z.number().nullable(),
    withinCases: z.object({ slope: z.number(), interval: intervalSchema.nullable() }).nullable(),
  })
  .nullable();
