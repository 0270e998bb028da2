import { InvalidOptionError } from '../errors.ts';

/**
 * Throws an {@link InvalidOptionError} unless `scores` is a table of cases x turns with finite numbers or null. Returns
 * the number of turns.
 */
export function checkScores(scores: readonly (readonly (number | null)[])[], option = 'scores'): number {
  if (!Array.isArray(scores) || scores.length === 0) {
    throw new InvalidOptionError(option, 'at least one case, as an array of rows', scores);
  }
  const turns = scores[0]?.length ?? 0;
  for (const [index, row] of scores.entries()) {
    if (!Array.isArray(row) || row.length === 0) {
      throw new InvalidOptionError(`${option}[${index}]`, 'an array with one score per turn', row);
    }
    if (row.length !== turns) {
      throw new InvalidOptionError(`${option}[${index}]`, `${turns} turns, like the first case`, row);
    }
    for (let turn = 0; turn < turns; turn++) {
      const score: unknown = row[turn];
      if (score !== null && !Number.isFinite(score)) {
        throw new InvalidOptionError(`${option}[${index}][${turn}]`, 'a finite number or null', score);
      }
    }
  }
  return turns;
}
