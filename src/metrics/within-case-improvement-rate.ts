import { bootstrap } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap-intervals.ts';
import { checkScores } from './check-scores.ts';
import { clusterings } from './clusters.ts';
import type { Interval } from './interval.ts';
import { checkResampling } from './resampling-options.ts';
import { rowStatistics } from './row-statistics.ts';
import { turnEffects } from './turn-effects.ts';

/** An improvement rate estimated within cases. */
export interface WithinCaseRate {
  /** In points per turn. */
  readonly slope: number;
  /** Bootstrap interval; null if it rests on fewer than five clusters. */
  readonly interval: Interval | null;
}

/**
 * The improvement rate within cases: the slope of the line through the turn effects of `score = case effect + turn
 * effect`, fitted by least squares to the scores that are there.
 *
 * IR compares turns that rest on different cases if some break off. If those were the low ones, AL(k) rises although no
 * case does. Here every turn is compared within the same cases, so it does not matter which cases break off. With no
 * score missing it equals IR.
 *
 * It assumes that turns add the same for every case. If cases that break off would have risen by less than the others,
 * it is still too high; if a case breaks off because its last score happened to be low, it is too low. docs/metrics.md has
 * the size of both. Source: the two-way fixed-effects estimator of an unbalanced panel, Baltagi, "Econometric Analysis of
 * Panel Data", chapters 3 and 9.
 *
 * @param scores cases x turns, null where a score is missing, as for {@link alignmentLevels}.
 * @param options labels of the cases, and `seed` (0), `resamples` (10,000) and `confidence` (0.95).
 * @returns null with fewer than two turns that have scores, and if no chain of cases links the turns.
 * @throws InvalidOptionError if `scores` is not a valid table (see {@link alignmentLevels}) or an option is out of range.
 *
 * @example
 * ```ts
 * withinCaseImprovementRate([
 *   [4, 4, 4],
 *   [2, null, null], // IR is 0.5, since the low case is only in the first level
 * ]); // { slope: 0, interval: null }
 * ```
 */
export function withinCaseImprovementRate(
  scores: readonly (readonly (number | null)[])[],
  { profiles, personalities, ...options }: BootstrapOptions = {},
): WithinCaseRate | null {
  const turns = checkScores(scores);
  const effectsOf = turnEffects(scores);
  const effects = new Float64Array(turns);
  const slopeOf = (weights: Float64Array) => {
    effectsOf(weights, effects);
    return rowStatistics(effects).slope;
  };
  const slope = slopeOf(new Float64Array(scores.length).fill(1));
  if (Number.isNaN(slope)) return null;
  const intervalOf = bootstrap({
    ...checkResampling('withinCaseImprovementRate()', options, ['profiles', 'personalities']),
    rows: scores.length,
    ways: clusterings(scores.length, { profiles, personalities }),
    statistics: (weights) => [slopeOf(weights)],
  });
  // A case with a single score says nothing about turns.
  const isBehind = (row: number) => scores[row]!.filter((score) => score !== null).length > 1;
  return { slope, interval: intervalOf(0, isBehind) };
}
