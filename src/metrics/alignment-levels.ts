import { checkScores } from './check-scores.ts';
import { mean } from './mean.ts';

/**
 * AL(k), the mean of the scores that the cases got at turn k: `scores` is cases x turns, the answer has one level a
 * turn, for k = 1..K. A score that is missing is null and stands behind no level; a turn where nothing was scored
 * has the level null.
 *
 * The range of the scale is not checked (ALOE scores 1-5, other benchmarks otherwise).
 * Source: Wu et al. 2024, arXiv 2410.03642.
 *
 * @throws InvalidOptionError for no cases, no turns, rows of different lengths, and anything but a finite number or
 * null, naming the row and the column from 0.
 */
export function alignmentLevels(scores: readonly (readonly (number | null)[])[]): (number | null)[] {
  const turns = checkScores(scores);
  return Array.from({ length: turns }, (_, turn) => mean(scores.map((row) => row[turn]!)));
}
