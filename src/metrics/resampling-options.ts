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

/** Checks the options and fills in their defaults. @throws InvalidOptionError */
export function checkResampling({ seed, resamples, confidence }: ResamplingOptions): CheckedResampling {
  return {
    seed: checkNumber('seed', seed ?? 0, { integer: true }),
    resamples: checkNumber('resamples', resamples ?? 10_000, { min: 100, integer: true }),
    confidence: checkNumber('confidence', confidence ?? 0.95, { min: 0.5, max: 0.999 }),
  };
}
