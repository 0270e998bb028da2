import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import type { Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';

/** What is known of a standard deviation, for {@link deviationInterval}. */
export interface DeviationOptions {
  /** Standard deviation of the differences in the pilot, as {@link comparePaired} returns it; above 0. */
  readonly deviation: number;
  /** Number of cases of the pilot, at least 10. */
  readonly cases: number;
  /** Confidence level, 0.5 to 0.999. Default 0.95. */
  readonly confidence?: number | undefined;
}

/**
 * The range in which the true standard deviation lies, given that of a pilot: pass both ends to {@link casesNeeded} to see
 * how far its answer can be trusted. Cases are assumed to be independent, and their differences normal.
 *
 * Chi-square quantiles by Wilson and Hilferty 1931: the ends are within 0.5 % at a confidence of 0.95, within 6 % at 0.999.
 *
 * @throws InvalidOptionError if an option is out of range.
 *
 * @example
 * ```ts
 * const { low, high } = deviationInterval({ deviation: 0.6, cases: 20 }); // { low: 0.46, high: 0.88 }
 * [low, high].map((deviation) => casesNeeded({ difference: 0.2, deviation })); // [43, 153]
 * ```
 */
export function deviationInterval(options: DeviationOptions): Interval {
  const { deviation, cases, confidence = 0.95 } = options;
  checkKnownOptions('deviationInterval', options, { deviation: true, cases: true, confidence: true });
  checkNumber('deviation', deviation, { above: 0 });
  checkNumber('cases', cases, { min: 10, integer: true });
  checkNumber('confidence', confidence, { min: 0.5, max: 0.999 });
  const part = 2 / (9 * (cases - 1));
  const reach = normalQuantile((1 + confidence) / 2) * Math.sqrt(part);
  const endAt = (root: number) => deviation / Math.sqrt(root ** 3);
  return { low: endAt(1 - part + reach), high: endAt(1 - part - reach) };
}
