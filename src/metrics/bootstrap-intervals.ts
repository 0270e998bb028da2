import { bootstrap } from './bootstrap.ts';
import { checkScores } from './check-scores.ts';
import { clusterings } from './clusters.ts';
import type { Interval } from './interval.ts';
import { checkResampling, type ResamplingOptions } from './resampling-options.ts';
import { rowStatistics } from './row-statistics.ts';
import { weightedMeans } from './weighted-means.ts';

/** How cases are resampled, for {@link bootstrapIntervals} and {@link comparePaired}. */
export interface BootstrapOptions extends ResamplingOptions {
  /** The profile of each case, one label per case. Cases with the same label are resampled together. Default: all differ. */
  readonly profiles?: readonly string[] | undefined;
  /** The personality of each case, likewise. Default: all differ. */
  readonly personalities?: readonly string[] | undefined;
}

/**
 * Confidence intervals of a score table. An interval is null if it rests on fewer than five clusters. There is none for N-IR:
 * none would be right for flat and for bent curves (see docs/metrics.md).
 */
export interface LevelIntervals {
  /** For AL(k), one interval per turn. */
  readonly levels: readonly (Interval | null)[];
  /** For the average level. */
  readonly average: Interval | null;
  /** For IR, in points per turn. */
  readonly improvementRate: Interval | null;
}

/**
 * Confidence intervals for AL(k), the average level and IR, by a cluster bootstrap.
 *
 * Whole cases are resampled, each with its row of scores. Pass `profiles` or `personalities` if cases share them: the
 * cases of one label are then resampled together. If both are shared and cross, both sources of variation count.
 * Intervals are percentile intervals expanded for the number of clusters. Source: Hesterberg 2015, "What Teachers Should
 * Know About the Bootstrap", The American Statistician 69(4). `docs/metrics.md` has their coverage.
 *
 * @param scores cases x turns, null where a score is missing, as for {@link alignmentLevels}.
 * @param options labels of the cases, and `seed` (0), `resamples` (10,000) and `confidence` (0.95).
 * @throws InvalidOptionError if `scores` is not a valid table (see {@link alignmentLevels}) or an option is out of range.
 *
 * @example
 * ```ts
 * const { average, improvementRate } = bootstrapIntervals(scores, { profiles: cases.map((each) => each.profileId) });
 * average; // { low: 3.28, high: 3.71 }
 * ```
 */
export function bootstrapIntervals(
  scores: readonly (readonly (number | null)[])[],
  { profiles, personalities, ...options }: BootstrapOptions = {},
): LevelIntervals {
  const turns = checkScores(scores);
  const meansOf = weightedMeans(scores);
  const values = new Float64Array(turns + 2);
  const levels = values.subarray(0, turns);
  const intervalOf = bootstrap({
    ...checkResampling('bootstrapIntervals()', options, ['profiles', 'personalities']),
    rows: scores.length,
    ways: clusterings(scores.length, { profiles, personalities }),
    statistics(weights) {
      meansOf(weights, levels);
      const { average, slope } = rowStatistics(levels);
      values[turns] = average;
      values[turns + 1] = slope;
      return values;
    },
  });
  const hasScore = (row: number) => scores[row]!.some((score) => score !== null);
  return {
    levels: Array.from({ length: turns }, (_, turn) =>
      intervalOf(turn, (row) => scores[row]![turn] !== null),
    ),
    average: intervalOf(turns, hasScore),
    improvementRate: intervalOf(turns + 1, hasScore),
  };
}
