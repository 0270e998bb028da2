import { checkNumber } from '../internal/options.ts';
import { normalQuantile, studentQuantile } from './normal.ts';

export interface PowerOptions {
  /** Standard deviation of the case differences, as `comparePaired` gives it; above 0. */
  readonly deviation: number;
  /** How often a true difference of that size is to be found. Default 0.8. */
  readonly power?: number | undefined;
  /** How often chance may pass for a difference, two-sided. Default 0.05. */
  readonly alpha?: number | undefined;
}

/**
 * The smallest difference of average AL between two candidates that so many cases, played by both, can be relied on to
 * show: (t(1 - alpha / 2) + t(power)) deviation / sqrt(cases), with Student's t at cases - 1 degrees of freedom. Source:
 * Bloom 1995, "Minimum detectable effects", Evaluation Review 19(5).
 *
 * @throws InvalidOptionError for fewer than two cases and for options out of range.
 */
export function detectableDifference({
  cases,
  deviation,
  power = 0.8,
  alpha = 0.05,
}: PowerOptions & { readonly cases: number }): number {
  checkNumber('cases', cases, { min: 2, integer: true });
  checkPower({ deviation, power, alpha });
  const multiple = studentQuantile(1 - alpha / 2, cases - 1) + studentQuantile(power, cases - 1);
  return (multiple * deviation) / Math.sqrt(cases);
}

/**
 * How many cases both candidates have to play for a wanted difference of average AL to be found: the least number for
 * which {@link detectableDifference} is no larger.
 *
 * @throws InvalidOptionError for a difference of 0 and for options out of range.
 */
export function casesNeeded({
  difference,
  deviation,
  power = 0.8,
  alpha = 0.05,
}: PowerOptions & { readonly difference: number }): number {
  const wanted = Math.abs(checkNumber('difference', difference));
  checkNumber('difference', wanted, { min: Number.MIN_VALUE });
  checkPower({ deviation, power, alpha });
  // Normal quantiles are the smaller ones: a few cases too few, from where it is counted up.
  const multiple = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  let cases = Math.max(2, Math.ceil(((multiple * deviation) / wanted) ** 2));
  while (detectableDifference({ cases, deviation, power, alpha }) > wanted) cases++;
  return cases;
}

function checkPower({ deviation, power, alpha }: Record<keyof PowerOptions, number>): void {
  checkNumber('deviation', deviation, { min: Number.MIN_VALUE });
  checkNumber('power', power, { min: 0.5, max: 0.999 });
  checkNumber('alpha', alpha, { min: 0.001, max: 0.5 });
}
