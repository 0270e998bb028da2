import { z } from 'zod';
import { bootstrapIntervals, type Interval, type NullBand, nullBand } from '../metrics/index.ts';
import type { EvaluatedCase } from './evaluated-case.ts';

/** How far the numbers of an evaluation can be trusted. Null is an interval that fewer than five cases stand behind. */
export interface EvaluationStatistics {
  /** How often the intervals cover the truth: 0.95. */
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
  /** For AL(k), one a turn. */
  readonly levels: readonly (Interval | null)[];
  readonly average: Interval | null;
  readonly improvementRate: Interval | null;
  readonly normalizedImprovementRate: Interval | null;
  /** Where IR and N-IR lie for a model that does not improve. */
  readonly nullBand: NullBand;
}

const RESAMPLING = { confidence: 0.95, resamples: 10_000 };

/** The statistics of cases with these scores, cases x turns. */
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

/** Who shares a profile or a personality with whom. */
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
  normalizedImprovementRate: intervalSchema,
  nullBand: z.object({ improvementRate: intervalSchema, normalizedImprovementRate: intervalSchema }),
});
