import { refuseUnknownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';

/** Options of every function that resamples. */
export interface ResamplingOptions {
  /** Random seed, a whole number. Same seed and data, same numbers. Default 0. */
  readonly seed?: number | undefined;
  /** Number of resamples, at least 100. Default 10,000. */
  readonly resamples?: number | undefined;
  /** Confidence level of intervals, 0.5 to 0.999. Default 0.95. */
  readonly confidence?: number | undefined;
}

/** The options with their defaults filled in. */
export interface CheckedResampling {
  readonly seed: number;
  readonly resamples: number;
  readonly confidence: number;
}

/**
 * Checks the options and fills in their defaults.
 *
 * @param owner What takes the options, for errors: `nullBand()`.
 * @param others Names of its other options.
 * @throws InvalidOptionError naming the first option that is unknown or wrong.
 */
export function checkResampling(
  owner: string,
  options: ResamplingOptions,
  others: readonly string[] = [],
): CheckedResampling {
  refuseUnknownOptions(owner, options, [...others, 'seed', 'resamples', 'confidence']);
  const { seed, resamples, confidence } = options;
  return {
    seed: checkNumber('seed', seed ?? 0, { integer: true }),
    resamples: checkNumber('resamples', resamples ?? 10_000, { min: 100, integer: true }),
    confidence: checkNumber('confidence', confidence ?? 0.95, { min: 0.5, max: 0.999 }),
  };
}
