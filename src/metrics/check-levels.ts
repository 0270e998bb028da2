import { InvalidOptionError } from '../errors.ts';

/** Throws an {@link InvalidOptionError} unless `levels` has at least one turn, each a finite number or null. */
export function checkLevels(levels: readonly (number | null)[]): void {
  if (!Array.isArray(levels) || levels.length === 0) {
    throw new InvalidOptionError('levels', 'an array with one level per turn', levels);
  }
  for (let turn = 0; turn < levels.length; turn++) {
    const level: unknown = levels[turn];
    if (level !== null && !Number.isFinite(level)) {
      throw new InvalidOptionError(`levels[${turn}]`, 'a finite number or null', level);
    }
  }
}
