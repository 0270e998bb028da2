import { InvalidOptionError } from '../errors.ts';
import { seededRandom } from '../internal/seeded-random.ts';
import { bootstrap } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap-intervals.ts';
import { checkScores } from './check-scores.ts';
import { clusterings } from './clusters.ts';
import type { Interval } from './interval.ts';
import { mean } from './mean.ts';
import { type CheckedResampling, checkResampling } from './resampling-options.ts';
import { rowStatistics } from './row-statistics.ts';
import { weightedMeans } from './weighted-means.ts';

/** The difference between two candidates, second minus first, on the scale of the scores. */
export interface PairedEstimate {
  /** Null if no turn was scored for both candidates. */
  readonly difference: number | null;
  /** Confidence interval; null if it rests on fewer than five clusters. */
  readonly interval: Interval | null;
  /** Two-sided p-value of a permutation test, above 0: how likely a difference this large is if the candidates are equal. */
  readonly pValue: number | null;
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
 * Intervals come from the bootstrap of {@link bootstrapIntervals}, applied to the differences. The p-value comes from a
 * permutation test that flips the signs of whole cases: (1 + resamples at least as far from 0) / (1 + resamples),
 * two-sided. It is exact if each case is equally likely to differ in either direction, even if cases share profiles.
 * Source: Phipson and Smyth 2010, "Permutation P-values should never be zero".
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
 * average; // { difference: 0.21, interval: { low: 0.09, high: 0.33 }, pValue: 0.0006, cases: 100 }
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
  const resampling = checkResampling(options);
  const rows = first.map((row, index) => row.map((score, turn) => subtract(second[index]![turn]!, score)));
  const statistics = estimator(rows, turns);
  const observed = statistics(new Float64Array(rows.length).fill(1)).slice();
  const pValues = flipSigns(statistics, observed, { ...resampling, rows: rows.length });
  const intervalOf = bootstrap({
    ...resampling,
    rows: rows.length,
    ways: clusterings(rows.length, { profiles, personalities }),
    statistics,
  });
  const estimateOf = (
    index: number,
    isBehind: (row: readonly (number | null)[]) => boolean,
  ): PairedEstimate => {
    const difference = observed[index]!;
    const cases = rows.filter(isBehind).length;
    if (Number.isNaN(difference)) return { difference: null, interval: null, pValue: null, cases };
    const interval = intervalOf(index, (row) => isBehind(rows[row]!));
    return { difference, interval, pValue: pValues[index]!, cases };
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

/** The p-value of each observed estimate under random signs. */
function flipSigns(
  statistics: (weights: Float64Array) => Float64Array,
  observed: Float64Array,
  { rows, seed, resamples }: CheckedResampling & { readonly rows: number },
): Float64Array {
  const random = seededRandom(seed);
  const signs = new Float64Array(rows);
  const asFar = new Float64Array(observed.length);
  for (let resample = 0; resample < resamples; resample++) {
    for (let row = 0; row < rows; row++) signs[row] = random() < 0.5 ? -1 : 1;
    const flipped = statistics(signs);
    for (let index = 0; index < observed.length; index++) {
      // Equal sums added in another order may differ in their last bits.
      if (Math.abs(flipped[index]!) >= Math.abs(observed[index]!) * (1 - 1e-9)) asFar[index]! += 1;
    }
  }
  return asFar.map((count) => (1 + count) / (1 + resamples));
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
