import { seededRandom } from '../internal/seeded-random.ts';
import { checkScores } from './check-scores.ts';
import { checkResampling, type ResamplingOptions } from './resampling-options.ts';

/** How cases whose scores stop differed from the others before. */
export interface DropoutDifference {
  /** Number of cases that lack a score after having had one at every turn before. */
  readonly cases: number;
  /**
   * Their mean score up to there minus that of the cases that went on, in points: below 0 if low cases are the ones that
   * go missing. Null if there is nobody to compare.
   */
  readonly difference: number | null;
  /** Two-sided p-value of a permutation test, above 0: how likely this is if scores go missing regardless of level. */
  readonly pValue: number | null;
}

/**
 * Tests whether scores go missing regardless of the level of their case.
 *
 * A case counts at its first turn without a score, for whatever reason. There, its mean score so far is compared with that
 * of the cases that have had every score and still do. The permutation test draws, at each turn, as many cases at random
 * as went missing. Source: Diggle 1989, "Testing for Random Dropouts in Repeated Measurement Data", Biometrics 45(4).
 *
 * It is exact if cases go missing independently of one another. It says nothing about cases without a score at turn 1, and
 * a p-value above 0.05 does not show that scores are missing at random: with few cases it detects only large differences.
 *
 * @param scores cases x turns, null where a score is missing, as for {@link alignmentLevels}.
 * @param options `seed` (0) and `resamples` (10,000).
 * @throws InvalidOptionError if `scores` is not a valid table (see {@link alignmentLevels}) or an option is out of range.
 *
 * @example
 * ```ts
 * dropoutDifference(scores); // { cases: 14, difference: -0.62, pValue: 0.0004 }
 * ```
 */
export function dropoutDifference(
  scores: readonly (readonly (number | null)[])[],
  options: Omit<ResamplingOptions, 'confidence'> = {},
): DropoutDifference {
  const turns = checkScores(scores);
  const { seed, resamples } = checkResampling(options);
  const departures = Array.from({ length: turns - 1 }, (_, index) => departureAt(scores, index + 1));
  const cases = departures.reduce((sum, { left }) => sum + left, 0);
  const compared = departures.filter(({ left, levels }) => left > 0 && left < levels.length);
  if (compared.length === 0) return { cases, difference: null, pValue: null };

  const observed = compared.reduce((sum, { levels, left }) => sum + sumOf(levels, left), 0);
  const random = seededRandom(seed);
  let asFar = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let drawn = 0;
    for (const { levels, left } of compared) {
      shuffleFirst(levels, left, random);
      drawn += sumOf(levels, left);
    }
    // Equal sums added in another order may differ in their last bits.
    if (Math.abs(drawn) >= Math.abs(observed) * (1 - 1e-9)) asFar += 1;
  }
  const weight = compared.reduce((sum, { left }) => sum + left, 0);
  const difference = compared.reduce((sum, { left, gap }) => sum + left * gap, 0) / weight;
  return { cases, difference, pValue: (1 + asFar) / (1 + resamples) };
}

/** One turn at which cases may go missing. */
interface Departure {
  /** Mean score so far of each case at risk, minus their mean. Those that go missing come first. */
  readonly levels: Float64Array;
  /** How many go missing. */
  readonly left: number;
  /** Mean level of those that go missing minus that of those that go on. */
  readonly gap: number;
}

function departureAt(scores: readonly (readonly (number | null)[])[], turn: number): Departure {
  const atRisk = scores.flatMap((row) => {
    const before = row.slice(0, turn).filter((score) => score !== null);
    if (before.length < turn) return [];
    return [{ isMissing: row[turn] === null, level: before.reduce((sum, score) => sum + score, 0) / turn }];
  });
  const gone = atRisk.filter(({ isMissing }) => isMissing).map(({ level }) => level);
  const stayed = atRisk.filter(({ isMissing }) => !isMissing).map(({ level }) => level);
  const all = [...gone, ...stayed];
  const centre = average(all);
  return {
    levels: Float64Array.from(all, (level) => level - centre),
    left: gone.length,
    gap: average(gone) - average(stayed),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sumOf(levels: Float64Array, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += levels[index]!;
  return sum;
}

/** Moves a random choice of `count` levels to the front: the first steps of a Fisher-Yates shuffle. */
function shuffleFirst(levels: Float64Array, count: number, random: () => number): void {
  for (let index = 0; index < count; index++) {
    const picked = index + Math.floor(random() * (levels.length - index));
    const level = levels[picked]!;
    levels[picked] = levels[index]!;
    levels[index] = level;
  }
}
