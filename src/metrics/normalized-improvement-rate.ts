import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkLevels } from './check-levels.ts';
import { type ImprovementFit, improvementRate } from './improvement-rate.ts';
import { isFlat } from './is-flat.ts';

/** Which turns give the minimum and maximum for normalization: all turns, or only those up to the current turn. */
export type Extrema = 'all-turns' | 'running';

/** Options of {@link normalizedImprovementRate} and {@link normalizeLevels}. */
export interface NormalizationOptions {
  /** `all-turns` reproduces the published numbers; `running` is the formula as printed. Default `all-turns`. */
  readonly extrema?: Extrema | undefined;
}

/**
 * Normalized improvement rate N-IR: the slope of the least-squares line through the min-max normalized levels
 * ({@link normalizeLevels}), with its R2 (N-R2).
 *
 * With `all-turns`, N-R2 equals R2: rescaling does not change R2. Source: Wu et al. 2024, arXiv 2410.03642.
 *
 * @param levels one level per turn, null where there is none.
 * @param options which extrema to use (`all-turns`).
 * @returns the fitted line, slope per turn on a scale of 0 to 1; null if all levels are equal or there are fewer than two.
 * @throws InvalidOptionError if there are no turns, if a level is neither a finite number nor null, or for unknown
 * `extrema`.
 *
 * @example
 * ```ts
 * normalizedImprovementRate([2.5, 3, 4.5]); // { slope: 0.5, intercept: -0.58, r2: 0.92 }
 * ```
 */
export function normalizedImprovementRate(
  levels: readonly (number | null)[],
  options: NormalizationOptions = {},
): ImprovementFit | null {
  const normalized = normalizeLevels(levels, options);
  return normalized === null ? null : improvementRate(normalized);
}

/**
 * The levels on a scale of 0 to 1: `(AL(k) - min) / (max - min)`.
 *
 * Turns without a level stay null. With `running`, a turn is 0 as long as all levels so far are equal, so the first turn
 * always is.
 *
 * @param levels one level per turn, null where there is none.
 * @param options which extrema to use (`all-turns`).
 * @returns one value per turn; null if all levels are equal or there are fewer than two.
 * @throws InvalidOptionError as {@link normalizedImprovementRate} does.
 */
export function normalizeLevels(
  levels: readonly (number | null)[],
  options: NormalizationOptions = {},
): (number | null)[] | null {
  checkLevels(levels);
  checkKnownOptions<NormalizationOptions>('normalizeLevels()', options, { extrema: true });
  const { extrema = 'all-turns' } = options;
  if (extrema !== 'all-turns' && extrema !== 'running') {
    throw new InvalidOptionError('extrema', '"all-turns" or "running"', extrema);
  }
  const known = levels.filter((level) => level !== null);
  if (known.length < 2 || isFlat(Math.min(...known), Math.max(...known))) return null;
  let low = extrema === 'running' ? Infinity : Math.min(...known);
  let high = extrema === 'running' ? -Infinity : Math.max(...known);
  return levels.map((level) => {
    if (level === null) return null;
    low = Math.min(low, level);
    high = Math.max(high, level);
    return isFlat(low, high) ? 0 : (level - low) / (high - low);
  });
}
