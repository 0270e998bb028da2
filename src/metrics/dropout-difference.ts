import { type Random, seededRandom } from '../internal/seeded-random.ts';
import { checkScores } from './check-scores.ts';
import { type Clustering, clusterings } from './clusters.ts';
import { type CheckedResampling, checkResampling, type ResamplingOptions } from './resampling-options.ts';

/** If two of five clusters go missing, there are only ten ways to choose them. */
const FEWEST_CLUSTERS = 6;

/** Options of {@link dropoutDifference}. */
export interface DropoutOptions extends Omit<ResamplingOptions, 'confidence'> {
  /** The profile of each case, one label per case. Default: all differ. */
  readonly profiles?: readonly string[] | undefined;
  /** The personality of each case, likewise. Default: all differ. */
  readonly personalities?: readonly string[] | undefined;
}

/** How cases whose scores stop differed from the others before. */
export interface DropoutDifference {
  /** Number of cases that lack a score after having had one at every turn before. */
  readonly cases: number;
  /**
   * Their mean score up to there minus that of the cases that went on, in points: below 0 if low cases are the ones that
   * go missing. Null if there is nobody to compare.
   */
  readonly difference: number | null;
  /**
   * Two-sided p-value, above 0: how likely this is if scores go missing regardless of level. Null if `difference` is, and
   * with too few clusters.
   */
  readonly pValue: number | null;
}

/**
 * Tests whether scores go missing regardless of the level of their case.
 *
 * A case counts at its first turn without a score, for whatever reason. There, its mean score so far is compared with that
 * of the cases that have had every score and still do. The p-value comes from a permutation test that draws, at each turn,
 * as many cases at random as went missing; it is exact if cases go missing independently of one another. Source: Diggle
 * 1989, "Testing for Random Dropouts in Repeated Measurement Data", Biometrics 45(4).
 *
 * If cases share profiles or personalities, the mean levels of whole clusters are permuted instead. If both are shared, the
 * larger of the two p-values counts. Fewer than six clusters say too little: they are left out, and the p-value is null if
 * none is left.
 *
 * It says nothing about cases without a score at turn 1. A p-value above 0.05 does not show that scores are missing at
 * random: with few cases it detects only large differences.
 *
 * @param scores cases x turns, null where a score is missing, as for {@link alignmentLevels}.
 * @param options labels of the cases, and `seed` (0) and `resamples` (10,000).
 * @throws InvalidOptionError if `scores` is not a valid table (see {@link alignmentLevels}) or an option is out of range.
 *
 * @example
 * ```ts
 * dropoutDifference(scores); // { cases: 14, difference: -0.62, pValue: 0.0004 }
 * ```
 */
export function dropoutDifference(
  scores: readonly (readonly (number | null)[])[],
  { profiles, personalities, ...options }: DropoutOptions = {},
): DropoutDifference {
  const turns = checkScores(scores);
  const resampling = checkResampling('dropoutDifference()', options, ['profiles', 'personalities']);
  const ways = clusterings(scores.length, { profiles, personalities });
  const departures = Array.from({ length: turns - 1 }, (_, index) => departureAt(scores, index + 1));
  const cases = departures.reduce((sum, { left }) => sum + left, 0);
  const compared = departures.filter(({ left, levels }) => left > 0 && left < levels.length);
  if (compared.length === 0) return { cases, difference: null, pValue: null };
  const weight = compared.reduce((sum, { left }) => sum + left, 0);
  const difference = compared.reduce((sum, { left, gap }) => sum + left * gap, 0) / weight;
  const pValues = ways
    .filter(({ size }) => size === scores.length || size >= FEWEST_CLUSTERS)
    .map((way) =>
      way.size === scores.length
        ? permuteCases(compared, resampling)
        : permuteClusters(compared, way, resampling),
    );
  return { cases, difference, pValue: pValues.length === 0 ? null : Math.max(...pValues) };
}

/** One turn at which cases may go missing. */
interface Departure {
  /** The cases at risk. Those that go missing come first. */
  readonly rows: readonly number[];
  /** Mean score so far of each of them, minus the mean of all of them. */
  readonly levels: Float64Array;
  /** How many go missing. */
  readonly left: number;
  /** Mean level of those that go missing minus that of those that go on. */
  readonly gap: number;
}

function departureAt(scores: readonly (readonly (number | null)[])[], turn: number): Departure {
  const atRisk = scores.flatMap((row, index) => {
    const before = row.slice(0, turn).filter((score) => score !== null);
    if (before.length < turn) return [];
    return [{ index, isMissing: row[turn] === null, level: average(before) }];
  });
  const gone = atRisk.filter(({ isMissing }) => isMissing);
  const stayed = atRisk.filter(({ isMissing }) => !isMissing);
  const all = [...gone, ...stayed];
  const centre = average(all.map(({ level }) => level));
  return {
    rows: all.map(({ index }) => index),
    levels: Float64Array.from(all, ({ level }) => level - centre),
    left: gone.length,
    gap: average(gone.map(({ level }) => level)) - average(stayed.map(({ level }) => level)),
  };
}

/** How many more cases of each cluster go missing than expected, and the mean level of its cases. */
function clusterTotals(
  departures: readonly Departure[],
  { size, clusters }: Clustering,
): { readonly excess: Float64Array; readonly levels: Float64Array } {
  const excess = new Float64Array(size);
  const levels = new Float64Array(size);
  const counts = new Float64Array(size);
  for (const { rows, levels: own, left } of departures) {
    for (const [place, row] of rows.entries()) {
      const cluster = clusters[row]!;
      excess[cluster]! += Number(place < left) - left / rows.length;
      levels[cluster]! += own[place]!;
      counts[cluster]! += 1;
    }
  }
  return { excess, levels: levels.map((sum, cluster) => sum / Math.max(1, counts[cluster]!)) };
}

function permuteCases(departures: readonly Departure[], { seed, resamples }: CheckedResampling): number {
  const random = seededRandom(seed);
  const observed = departures.reduce((sum, { levels, left }) => sum + sumOf(levels, left), 0);
  return pValueOf(observed, resamples, () => {
    let drawn = 0;
    for (const { levels, left } of departures) {
      shuffleFirst(levels, left, random);
      drawn += sumOf(levels, left);
    }
    return drawn;
  });
}

function permuteClusters(
  departures: readonly Departure[],
  way: Clustering,
  { seed, resamples }: CheckedResampling,
): number {
  const random = seededRandom(seed);
  const { excess, levels } = clusterTotals(departures, way);
  const centre = average([...levels]);
  const sum = () => levels.reduce((total, level, cluster) => total + (level - centre) * excess[cluster]!, 0);
  return pValueOf(sum(), resamples, () => {
    shuffleFirst(levels, levels.length, random);
    return sum();
  });
}

/** The p-value: how often a draw is at least as far from 0 as what was observed. */
function pValueOf(observed: number, resamples: number, draw: () => number): number {
  let asFar = 0;
  for (let resample = 0; resample < resamples; resample++) {
    // Equal sums added in another order may differ in their last bits.
    if (Math.abs(draw()) >= Math.abs(observed) * (1 - 1e-9)) asFar += 1;
  }
  return (1 + asFar) / (1 + resamples);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sumOf(values: Float64Array, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += values[index]!;
  return sum;
}

/** Moves a random choice of `count` levels to the front: the first steps of a Fisher-Yates shuffle. */
function shuffleFirst(levels: Float64Array, count: number, random: Random): void {
  for (let index = 0; index < count; index++) {
    const picked = index + Math.floor(random() * (levels.length - index));
    const level = levels[picked]!;
    levels[picked] = levels[index]!;
    levels[index] = level;
  }
}
