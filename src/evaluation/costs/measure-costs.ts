import * as z from 'zod';
import {
  alignmentLevels,
  averageLevel,
  bootstrapIntervals,
  comparePaired,
  type Interval,
  improvementRate,
  type PairedEstimate,
  type ResamplingOptions,
} from '../../metrics/index.ts';
import { withSpread } from '../../metrics/interval.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import { clusterLabels } from '../evaluation-statistics.ts';
import { caseRows, firstOfEach, pairedRows } from '../repeats.ts';
import {
  COSTS,
  type CostName,
  costMeasures,
  type DecidedBy,
  type Observation,
  observe,
  WAYS,
} from './cost-measures.ts';

/** One measure of what alignment cost. Less is better, except for length, where it depends on the user. */
export interface CostEstimate {
  readonly measure: CostName;
  readonly by: DecidedBy;
  /** Words per message for lengths, else the share of responses or replies, 0 to 1. Null if nothing was decided. */
  readonly mean: number | null;
  /** Confidence interval over cases, clustered as for AL; null with fewer than five clusters, and if all values are equal. */
  readonly interval: Interval | null;
  /** Number of cases in the mean (n). */
  readonly cases: number;
  /** Number of responses or replies that were decided. */
  readonly decided: number;
  /** Number that were not. With `decided`, 0 if the measure was not asked for. */
  readonly undecided: number;
  /** Mean at each turn; null for probes, which come after the last turn. */
  readonly byTurn: readonly (number | null)[] | null;
  /** Change per turn: the slope of `byTurn`. Null for probes and with fewer than two turns. */
  readonly trend: number | null;
  /** Confidence interval of `trend`. */
  readonly trendInterval: Interval | null;
}

/** The difference in one cost between two candidates, second minus first. */
export interface CostDifference extends PairedEstimate {
  readonly measure: CostName;
  readonly by: DecidedBy;
}

/** All measures of what alignment cost; one that was not asked for has no mean. `seed` is for the intervals. */
export function measureCosts(
  cases: readonly EvaluatedCase[],
  { turns, seed }: { readonly turns: number; readonly seed: number },
): CostEstimate[] {
  return costMeasures.map((own) => {
    const observed = observe(own, cases, turns);
    const table = caseRows(cases, withoutGaps(observed));
    const levels = alignmentLevels(table);
    const isMeasured = table.some((row) => row.some((value) => value !== null));
    const intervals = isMeasured
      ? bootstrapIntervals(table, { seed, ...clusterLabels(firstOfEach(cases)) })
      : null;
    const count = (test: (value: Observation) => boolean) => observed.flat().filter(test).length;
    return {
      measure: own.measure,
      by: own.by,
      mean: averageLevel(levels),
      interval: withSpread(intervals?.average ?? null),
      cases: table.filter((row) => row.some((value) => value !== null)).length,
      decided: count((value) => typeof value === 'number'),
      undecided: count((value) => value === null),
      byTurn: own.isByTurn ? levels : null,
      trend: own.isByTurn ? (improvementRate(levels)?.slope ?? null) : null,
      trendInterval: own.isByTurn ? withSpread(intervals?.improvementRate ?? null) : null,
    };
  });
}

/** The differences in all costs that were measured for both, over the cases that both have. */
export function compareCosts(
  first: readonly EvaluatedCase[],
  second: readonly EvaluatedCase[],
  {
    turns,
    isSameJudge,
    ...options
  }: ResamplingOptions & { readonly turns: number; readonly isSameJudge: boolean },
): CostDifference[] {
  return costMeasures.flatMap((own) => {
    if (own.by === 'judge' && !isSameJudge) return [];
    const [one, two] = [observe(own, first, turns), observe(own, second, turns)];
    if (one[0]!.length !== two[0]!.length) return [];
    const rows = pairedRows(first, withoutGaps(one), withoutGaps(two));
    const { average } = comparePaired(...rows, { ...options, ...clusterLabels(firstOfEach(first)) });
    if (average.difference === null) return [];
    const { measure, by } = own;
    return [{ measure, by, ...average, interval: withSpread(average.interval) }];
  });
}

function withoutGaps(observed: readonly (readonly Observation[])[]): (number | null)[][] {
  return observed.map((row) => row.map((value) => value ?? null));
}

const intervalSchema = z.object({ low: z.number(), high: z.number() }).nullable();

export const costEstimateSchema: z.ZodType<CostEstimate> = z.object({
  measure: z.enum(COSTS),
  by: z.enum(WAYS),
  mean: z.number().nullable(),
  interval: intervalSchema,
  cases: z.int(),
  decided: z.int(),
  undecided: z.int(),
  byTurn: z.array(z.number().nullable()).nullable(),
  trend: z.number().nullable(),
  trendInterval: intervalSchema,
});
