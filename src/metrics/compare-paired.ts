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

/** A difference between two candidates, second minus first. */
export interface PairedEstimate {
  /** Null when no turn was scored on both sides. */
  readonly difference: number | null;
  /** Null with fewer than five clusters behind it. */
  readonly interval: Interval | null;
  /** How often chance alone gives a difference of at least this size, when the candidates do equally well in every case. */
  readonly pValue: number | null;
  /** Cases with a difference. */
  readonly cases: number;
}

/** Two candidates on the same cases. */
export interface PairedComparison {
  /** Difference of the averages: the mean of the differences of AL(k), each turn weighing the same. */
  readonly average: PairedEstimate;
  /** Difference of AL(k), one a turn. */
  readonly levels: readonly PairedEstimate[];
  /** Difference of IR: the slope of the differences of AL(k). */
  readonly improvementRate: PairedEstimate;
  /** Mean difference of the turns of each case; null where no turn was scored on both sides. */
  readonly caseDifferences: readonly (number | null)[];
  /** Standard deviation of the case differences, what `casesNeeded` takes; null with fewer than two. */
  readonly deviation: number | null;
}

/**
 * Compares two candidates on the same cases, row i of `first` with row i of `second`, over the turns that both have a
 * score for. Intervals are those of `bootstrapIntervals`, over the case differences. The p-value is that of a permutation
 * test that turns the signs of whole cases: (1 + resamples at least as far from 0) / (1 + resamples), two-sided. It is
 * exact where each case is as likely to differ one way as the other, also where cases share profiles. Source: Phipson and
 * Smyth 2010, "Permutation P-values should never be zero".
 *
 * @throws InvalidOptionError for scores as `alignmentLevels` refuses them, for another number of cases or turns in
 * `second`, and for options out of range.
 */
export function comparePaired(
  first: readonly (readonly (number | null)[])[],
  second: readonly (readonly (number | null)[])[],
  { profiles, personalities, ...options }: BootstrapOptions = {},
): PairedComparison {
  const turns = checkScores(first, 'first');
  const partnerTurns = checkScores(second, 'second');
  if (partnerTurns !== turns || second.length !== first.length) {
    throw new InvalidOptionError('second', `${first.length} cases of ${turns} turns, as in first`, second);
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

/** The difference of each turn, of the average and of IR, in one array that is written over at each call. */
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
      // Equal sums in another order may differ in their last bits.
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
  const centre = mean(known);
  if (centre === null || known.length < 2) return null;
  const squares = known.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (known.length - 1));
}
