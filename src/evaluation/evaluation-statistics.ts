import * as z from 'zod';
import { bootstrapIntervals, type Interval, type NullBand, nullBand } from '../metrics/index.ts';
import type { EvaluatedCase } from './evaluated-case.ts';

/** Confidence intervals of an evaluation's numbers. An interval is null with fewer than five cases. */
export interface EvaluationStatistics {
  /** Confidence level of the intervals: 0.95. */
  readonly confidence: number;
  /** Number of bootstrap resamples: 10,000. */
  readonly resamples: number;
  /** Seed of the resampling: the seed of the evaluation. */
  readonly seed: number;
  /** For AL(k), one per turn. */
  readonly levels: readonly (Interval | null)[];
  /** For the mean of AL(k) over the turns. */
  readonly average: Interval | null;
  /** For IR. */
  readonly improvementRate: Interval | null;
  /** Range of IR and N-IR expected from a model that does not improve. */
  readonly nullBand: NullBand;
}

export const RESAMPLING = { confidence: 0.95, resamples: 10_000 };

/** Computes the statistics from scores, cases x turns. */
export function evaluationStatistics(
  cases: readonly EvaluatedCase[],
  scores: readonly (readonly (number | null)[])[],
  seed: number,
): EvaluationStatistics {
  const options = { ...RESAMPLING, seed };
  return {
    ...options,
    ...bootstrapIntervals(scores, { ...options, ...clusterLabels(cases) }),
    nullBand: nullBand(scores, options),
  };
}

/** Profile and personality of each case: cases that share one are resampled together. */
export function clusterLabels(cases: readonly EvaluatedCase[]): {
  readonly profiles: readonly string[];
  readonly personalities: readonly string[];
} {
  return {
    profiles: cases.map(({ persona }) => persona.profile.id),
    personalities: cases.map(({ persona }) => persona.personality.id),
  };
}

const intervalSchema = z.object({ low: z.number(), high: z.number() }).nullable();

export const statisticsSchema: z.ZodType<EvaluationStatistics> = z.object({
  confidence: z.number(),
  resamples: z.number().int(),
  seed: z.number().int(),
  levels: z.array(intervalSchema),
  average: intervalSchema,
  improvementRate: intervalSchema,
  nullBand: z.object({ improvementRate: intervalSchema, normalizedImprovementRate: intervalSchema }),
});
