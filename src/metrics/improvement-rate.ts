import { SimpleLinearRegression } from 'ml-regression-simple-linear';
import { checkLevels } from './check-levels.ts';

/** A straight line through the levels of a conversation: `level = slope * k + intercept`, k = 1..K. */
export interface ImprovementFit {
  /** Rise a turn. */
  readonly slope: number;
  /** Height of the line at k = 0. */
  readonly intercept: number;
  /** Coefficient of determination, 0 to 1. Null for a flat row, which has no variation to explain. */
  readonly r2: number | null;
}

/**
 * IR, the slope of the least-squares line through AL(k) over k = 1..K, with its R2 = 1 - SSres / SStot.
 *
 * Turns without a level are left out and the others keep their k. Fewer than two levels have no line: null. A flat
 * row has slope 0 and no R2. Source: Wu et al. 2024, arXiv 2410.03642.
 *
 * @throws InvalidOptionError for no turns, and for anything but a finite number or null.
 */
export function improvementRate(levels: readonly (number | null)[]): ImprovementFit | null {
  checkLevels(levels);
  const points = levels.flatMap((level, index) => (level === null ? [] : [{ k: index + 1, level }]));
  if (points.length < 2) return null;
  const low = Math.min(...points.map(({ level }) => level));
  const range = Math.max(...points.map(({ level }) => level)) - low;
  if (range === 0) return { slope: 0, intercept: low, r2: null };

  // Fitted on 0..1 and scaled back: nearly flat rows lose no digits, and N-R2 equals R2 exactly.
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
    // Rounding can take it below 0 by an ulp or so.
    r2: Math.max(0, 1 - residual / total),
  };
}
