import { checkNumber } from '../internal/options.ts';

/** What all that resamples takes. */
export interface ResamplingOptions {
  /** The same seed over the same data gives the same numbers. A whole number, default 0. */
  readonly seed?: number | undefined;
  /** Default 10,000, at least 100. */
  readonly resamples?: number | undefined;
  /** How often intervals are to cover the truth, from 0.5 to 0.999. Default 0.95. */
  readonly confidence?: number | undefined;
}

/** The options with their defaults. */
export interface CheckedResampling {
  readonly seed: number;
  readonly resamples: number;
  readonly confidence: number;
}

export function checkResampling({ seed, resamples, confidence }: ResamplingOptions): CheckedResampling {
  return {
    seed: checkNumber('seed', seed ?? 0, { integer: true }),
    resamples: checkNumber('resamples', resamples ?? 10_000, { min: 100, integer: true }),
    confidence: checkNumber('confidence', confidence ?? 0.95, { min: 0.5, max: 0.999 }),
  };
}
