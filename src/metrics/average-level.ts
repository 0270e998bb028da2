import { checkLevels } from './check-levels.ts';
import { mean } from './mean.ts';

/**
 * The mean of AL(k) over all turns that have a level: the column "Average" of the paper's Table 1.
 *
 * Every turn has the same weight, however many cases were scored at it.
 * Source: Wu et al. 2024, arXiv 2410.03642.
 *
 * @param levels one level per turn, as {@link alignmentLevels} returns them; null where there is none.
 * @returns the mean, on the scale of the levels; null if no turn has a level.
 * @throws InvalidOptionError if there are no turns, or if a level is neither a finite number nor null.
 *
 * @example
 * ```ts
 * averageLevel([2.5, 3, null, 4.5]); // 3.33
 * ```
 */
export function averageLevel(levels: readonly (number | null)[]): number | null {
  checkLevels(levels);
  return mean(levels);
}
