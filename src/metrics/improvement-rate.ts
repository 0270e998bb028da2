import { SimpleLinearRegression } from 'ml-regression-simple-linear';
import { checkLevels } from './check-levels.ts';
import { isFlat } from './is-flat.ts';

/** The least-squares line through the levels of a conversation: `level = slope * k + intercept`, k = 1..K. */
export interface ImprovementFit {
  /** Rise in points per turn. */
  readonly slope: number;
  /** Value of the line at k = 0. */
  readonly intercept: number;
  /** Coefficient of determination R2, 0 to 1. Null if all levels are equal: there is no variation to explain. */
  readonly r2: number | null;
}

/**
 * Improvement rate IR: the slope of the least-squares line through AL(k), k = 1..K, with its R2 = 1 - SSres / SStot.
 *
 * Turns without a level are left out; the others keep their k. If all levels are equal, the slope is 0 and R2 is null.
 * Source: Wu et al. 2024, arXiv 2410.03642.
 *
 * @param levels one level per turn, null where there is none.
 * @returns the fitted line, or null with fewer than two levels.
 * @throws InvalidOptionError if there are no turns, or if a level is neither a finite number nor null.
 *
 * @example
 * ```ts
 * improvementRate([2.5, 3, 4.5]); // { slope: 1, intercept: 1.33, r2: 0.92 }
 * ```
 */
export function improvementRate(levels: readonly (number | null)[]): ImprovementFit | null {
  checkLevels(levels);
  const points = levels.flatMap((level, index) => (level === null ? [] : [{ k: index + 1, level }]));
  if (points.length < 2) return null;
  const low = Math.min(...points.map(({ level }) => level));
  const high = Math.max(...points.map(({ level }) => level));
  if (isFlat(low, high)) return { slope: 0, intercept: low, r2: null };

  const range = high - low;
  // Fitted on 0..1 and scaled back, so nearly flat levels lose no digits and N-R2 equals R2 exactly.
  const scaled = points.map(({ k, level }) => ({ k, level: (level - low) / range }));
  const line = new SimpleLinearRegression(
    scaled.map(({ k }) => k),
    scaled.map(({ level }) => level),
  );
  const centre = scaled.reduce((sum, { level }) => sum + level, 0) / scaled.length;
  const residual = scaled.reduce((sum, { k, level }) => sum + (level - line.predict(k)) ** 2, 0);
  const total = scaled.reduce((sum, { level }) => sum + (level - centre) ** 2, 0);
  return {
    slope: line.slope * range,
    intercept: line.intercept * range + low,
    // Rounding can push it slightly below 0.
    r2: Math.max(0, 1 - residual / total),
  };
}
