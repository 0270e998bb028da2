import { InvalidOptionError } from '../errors.ts';
import { adjustPValues } from './adjust-p-values.ts';
import { bootstrap } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap-intervals.ts';
import { checkScores } from './check-scores.ts';
import { clusterings } from './clusters.ts';
import type { Interval } from './interval.ts';
import { mean } from './mean.ts';
import { pairedPValues } from './paired-p-values.ts';
import { checkResampling } from './resampling-options.ts';
import { rowStatistics } from './row-statistics.ts';
import { weightedMeans } from './weighted-means.ts';

/** The difference between two candidates, second minus first, on the scale of the scores. */
export interface PairedEstimate {
  /** Null if no turn was scored for both candidates. */
  readonly difference: number | null;
  /** Confidence interval; null if it rests on fewer than five clusters. */
  readonly interval: Interval | null;
  /**
   * Two-sided p-value, above 0: how likely a difference this large is if the candidates are equal. Null with too few
   * clusters to get below 0.05.
   */
  readonly pValue: number | null;
  /**
   * The p-value adjusted for the other tests of its family ({@link adjustPValues}): the other turns, for a level. Equal to
   * `pValue` for average and IR. Compare several candidates? Adjust their p-values together.
   */
  readonly adjustedPValue: number | null;
  /** Number of cases with a difference (n). */
  readonly cases: number;
}

/** Two candidates compared on the same cases. */
export interface PairedComparison {
  /** Difference in average level: the mean of the differences in AL(k), every turn with the same weight. */
  readonly average: PairedEstimate;
  /** Difference in AL(k), one estimate per turn. */
  readonly levels: readonly PairedEstimate[];
  /** Difference in IR: the slope of the differences in AL(k), in points per turn. */
  readonly improvementRate: PairedEstimate;
  /** Mean difference of each case over its turns; null if no turn was scored for both candidates. */
  readonly caseDifferences: readonly (number | null)[];
  /** Standard deviation of the differences of cases, as {@link casesNeeded} accepts it; null with fewer than two cases. */
  readonly deviation: number | null;
}

/**
 * Compares two candidates on the same cases, over the turns at which both have a score.
 *
 * Intervals come from the bootstrap of {@link bootstrapIntervals}, applied to the differences. P-values come from one of
 * two tests:
 *
 * - If cases are independent, or share only profiles or only personalities, the signs of whole clusters are flipped. The
 *   test is exact if swapping the candidates would change nothing: every cluster is as likely to differ one way as the
 *   other. It is approximate if they are equal on average only. Null with fewer than six clusters.
 * - If both cross, a t-test with the variance of two-way clustering and Satterthwaite's degrees of freedom. It is
 *   approximate. With 20 profiles x 5 personalities, p is below 0.05 for 1-5 % of equal candidates. Null with fewer than
 *   five profiles or personalities.
 *
 * Sources: Canay, Romano and Shaikh 2017, "Randomization Tests Under an Approximate Symmetry Assumption"; Cameron, Gelbach
 * and Miller 2011, "Robust Inference With Multiway Clustering". `docs/metrics.md` has the size and power of both.
 *
 * @param first scores of the first candidate, cases x turns, null where a score is missing.
 * @param second scores of the second candidate. Row i is the same case as row i of `first`.
 * @param options labels of the cases, and `seed` (0), `resamples` (10,000) and `confidence` (0.95).
 * @throws InvalidOptionError if a table is not valid (see {@link alignmentLevels}), if `second` has another number of
 * cases or turns, or if an option is out of range.
 *
 * @example
 * ```ts
 * const { average } = comparePaired(baselineScores, tunedScores);
 * average; // { difference: 0.21, interval: { low: 0.09, high: 0.33 }, pValue: 0.0006, adjustedPValue: 0.0006, cases: 100 }
 * ```
 */
export function comparePaired(
  first: readonly (readonly (number | null)[])[],
  second: readonly (readonly (number | null)[])[],
  { profiles, personalities, ...options }: BootstrapOptions = {},
): PairedComparison {
  const turns = checkScores(first, 'first');
  const partnerTurns = checkScores(second, 'second');
  if (partnerTurns !== turns || second.length !== first.length) {
    throw new InvalidOptionError('second', `${first.length} cases of ${turns} turns, like first`, second);
  }
  const resampling = checkResampling('comparePaired()', options, ['profiles', 'personalities']);
  const rows = first.map((row, index) => row.map((score, turn) => subtract(second[index]![turn]!, score)));
  const statistics = estimator(rows, turns);
  const observed = statistics(new Float64Array(rows.length).fill(1)).slice();
  const ways = clusterings(rows.length, { profiles, personalities });
  const pValues = pairedPValues(rows, ways, resampling);
  const adjusted = [...adjustPValues(pValues.slice(0, turns)), ...pValues.slice(turns)];
  const intervalOf = bootstrap({ ...resampling, rows: rows.length, ways, statistics });
  const estimateOf = (
    index: number,
    isBehind: (row: readonly (number | null)[]) => boolean,
  ): PairedEstimate => {
    const hasValue = !Number.isNaN(observed[index]);
    return {
      difference: hasValue ? observed[index]! : null,
      interval: hasValue ? intervalOf(index, (row) => isBehind(rows[row]!)) : null,
      pValue: pValues[index]!,
      adjustedPValue: adjusted[index]!,
      cases: rows.filter(isBehind).length,
    };
  };
  const hasDifference = (row: readonly (number | null)[]) => row.some((value) => value !== null);
  const caseDifferences = rows.map(mean);
  return {
    average: estimateOf(turns, hasDifference),
    levels: Array.from({ length: turns }, (_, turn) => estimateOf(turn, (row) => row[turn] !== null)),
    improvementRate: estimateOf(turns + 1, hasDifference),
    caseDifferences,
    deviation: standardDeviation(caseDifferences),
  };
}

/** The difference at each turn, in the average and in IR, in one array that the next call overwrites. */
function estimator(
  rows: readonly (readonly (number | null)[])[],
  turns: number,
): (weights: Float64Array) => Float64Array {
  const meansOf = weightedMeans(rows);
  const estimates = new Float64Array(turns + 2);
  const levels = estimates.subarray(0, turns);
  return (weights) => {
    meansOf(weights, levels);
    const { average, slope } = rowStatistics(levels);
    estimates[turns] = average;
    estimates[turns + 1] = slope;
    return estimates;
  };
}

function subtract(score: number | null, from: number | null): number | null {
  return score === null || from === null ? null : score - from;
}

function standardDeviation(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const centre = mean(known)!;
  const squares = known.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (known.length - 1));
}
