import { checkScores } from './check-scores.ts';
import { mean } from './mean.ts';

/**
 * Alignment levels AL(k): the mean score of all cases at turn k = 1..K.
 *
 * Missing scores (null) are left out of the mean. A turn at which no case was scored has the level null. Any scale
 * works (ALOE scores 1-5); the range is not checked.
 * Source: Wu et al. 2024, arXiv 2410.03642.
 *
 * @param scores cases x turns: one row per case, one score per turn, all rows of the same length.
 * @returns one level per turn, on the scale of the scores.
 * @throws InvalidOptionError if there are no cases or no turns, if rows differ in length, or if a score is neither a
 * finite number nor null. The error names row and column, counted from 0.
 *
 * @example
 * ```ts
 * alignmentLevels([
 *   [2, 3, 5],
 *   [3, null, 4],
 * ]); // [2.5, 3, 4.5]
 * ```
 */
export function alignmentLevels(scores: readonly (readonly (number | null)[])[]): (number | null)[] {
  const turns = checkScores(scores);
  return Array.from({ length: turns }, (_, turn) => mean(scores.map((row) => row[turn]!)));
}
