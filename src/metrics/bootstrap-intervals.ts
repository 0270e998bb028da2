import { bootstrap } from './bootstrap.ts';
import { checkScores } from './check-scores.ts';
import { clusterings } from './clusters.ts';
import type { Interval } from './interval.ts';
import { checkResampling, type ResamplingOptions } from './resampling-options.ts';
import { rowStatistics } from './row-statistics.ts';
import { weightedMeans } from './weighted-means.ts';

export interface BootstrapOptions extends ResamplingOptions {
  /** One label a case; cases with equal labels share a profile. Default: each has its own. */
  readonly profiles?: readonly string[] | undefined;
  /** One label a case; cases with equal labels share a personality. Default: each has its own. */
  readonly personalities?: readonly string[] | undefined;
}

/** Intervals for what the scores come to. Null where fewer than five clusters stand behind a number. */
export interface LevelIntervals {
  /** For AL(k), one a turn. */
  readonly levels: readonly (Interval | null)[];
  readonly average: Interval | null;
  /** For IR. */
  readonly improvementRate: Interval | null;
  /** For N-IR over the extrema of all turns. Not to be relied on for flat rows: see docs/metrics.md. */
  readonly normalizedImprovementRate: Interval | null;
}

/**
 * Intervals for AL(k), average, IR and N-IR by a cluster bootstrap. `scores` is cases x turns, null where a score is
 * missing. A cluster is a case with its whole row, or the cases of one profile or personality where cases share them;
 * where they share both crosswise, both vary. `test/metrics/coverage.test.ts` shows how often the intervals cover the truth.
 *
 * @throws InvalidOptionError for scores as `alignmentLevels` refuses them, and for options out of range.
 */
export function bootstrapIntervals(
  scores: readonly (readonly (number | null)[])[],
  { profiles, personalities, ...options }: BootstrapOptions = {},
): LevelIntervals {
  const turns = checkScores(scores);
  const meansOf = weightedMeans(scores);
  const values = new Float64Array(turns + 3);
  const levels = values.subarray(0, turns);
  const intervalOf = bootstrap({
    ...checkResampling(options),
    rows: scores.length,
    ways: clusterings(scores.length, { profiles, personalities }),
    statistics(weights) {
      meansOf(weights, levels);
      const { average, slope, normalizedSlope } = rowStatistics(levels);
      values[turns] = average;
      values[turns + 1] = slope;
      values[turns + 2] = normalizedSlope;
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
    normalizedImprovementRate: intervalOf(turns + 2, hasScore),
  };
}
