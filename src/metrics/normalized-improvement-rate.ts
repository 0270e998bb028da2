import { InvalidOptionError } from '../errors.ts';
import { checkLevels } from './check-levels.ts';
import { type ImprovementFit, improvementRate } from './improvement-rate.ts';

/**
 * Which turns the minimum and the maximum of the normaliser are taken from: all of the conversation, or those up to
 * the turn that is normalised.
 */
export type Extrema = 'all-turns' | 'running';

export interface NormalizationOptions {
  /**
   * `all-turns` is what the published numbers follow; `running` is the formula as it is printed. Default `all-turns`.
   */
  readonly extrema?: Extrema | undefined;
}

/**
 * N-IR, the slope of the least-squares line through the min-max normalised levels, with its R2 (N-R2).
 *
 * Null for a flat row and for fewer than two levels, which have nothing to normalise. With `all-turns` N-R2 equals
 * R2, as a straight rescaling changes no R2. Source: Wu et al. 2024, arXiv 2410.03642.
 *
 * @throws InvalidOptionError for no turns, for anything but a finite number or null, and for unknown `extrema`.
 */
export function normalizedImprovementRate(
  levels: readonly (number | null)[],
  options: NormalizationOptions = {},
): ImprovementFit | null {
  const normalized = normalizeLevels(levels, options);
  return normalized === null ? null : improvementRate(normalized);
}

/**
 * The levels on a scale of 0 to 1: `(AL(k) - min) / (max - min)`; null for a flat row and for fewer than two levels.
 * Turns without a level stay null. With `running`, turns at which all levels so far are equal, the first among them,
 * are 0.
 *
 * @throws InvalidOptionError as {@link normalizedImprovementRate} does.
 */
export function normalizeLevels(
  levels: readonly (number | null)[],
  { extrema = 'all-turns' }: NormalizationOptions = {},
): (number | null)[] | null {
  checkLevels(levels);
  if (extrema !== 'all-turns' && extrema !== 'running') {
    throw new InvalidOptionError('extrema', '"all-turns" or "running"', extrema);
  }
  const known = levels.filter((level) => level !== null);
  if (known.length < 2 || Math.max(...known) === Math.min(...known)) return null;
  let low = extrema === 'running' ? Infinity : Math.min(...known);
  let high = extrema === 'running' ? -Infinity : Math.max(...known);
  return levels.map((level) => {
    if (level === null) return null;
    low = Math.min(low, level);
    high = Math.max(high, level);
    return high === low ? 0 : (level - low) / (high - low);
  });
}
