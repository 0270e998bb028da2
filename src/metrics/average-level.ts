import { checkLevels } from './check-levels.ts';
import { mean } from './mean.ts';

/**
 * The mean of AL(k) over the turns that have a level, the column "Average" of the paper's Table 1; null where no turn
 * has one. Each turn weighs the same, however many scores stand behind it.
 *
 * @throws InvalidOptionError for no turns, and for anything but a finite number or null.
 */
export function averageLevel(levels: readonly (number | null)[]): number | null {
  checkLevels(levels);
  return mean(levels);
}
