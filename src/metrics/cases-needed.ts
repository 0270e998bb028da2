import { checkNumber } from '../internal/options.ts';
import { normalQuantile, studentQuantile } from './normal.ts';

/** The assumptions of a power calculation. */
export interface PowerOptions {
  /** Standard deviation of the differences of cases, as {@link comparePaired} returns it; above 0. */
  readonly deviation: number;
  /** Probability of detecting a true difference of that size, 0.5 to 0.999. Default 0.8. */
  readonly power?: number | undefined;
  /** Two-sided significance level, 0.001 to 0.5. Default 0.05. */
  readonly alpha?: number | undefined;
}

/**
 * The smallest difference in average level between two candidates that a study of `cases` shared cases can detect:
 * (t(1 - alpha / 2) + t(power)) deviation / sqrt(cases), with Student's t at cases - 1 degrees of freedom.
 * Source: Bloom 1995, "Minimum detectable effects", Evaluation Review 19(5).
 *
 * @returns the difference, on the scale of the scores.
 * @throws InvalidOptionError for fewer than two cases, or if an option is out of range.
 *
 * @example
 * ```ts
 * detectableDifference({ cases: 100, deviation: 0.6 }); // 0.17
 * ```
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
 * The number of cases, shared by both candidates, that a study needs to detect a difference in average level: the smallest
 * number for which {@link detectableDifference} is at most `difference`.
 *
 * @throws InvalidOptionError for a difference of 0, or if an option is out of range.
 *
 * @example
 * ```ts
 * casesNeeded({ difference: 0.2, deviation: 0.6 }); // 73
 * ```
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
  // Normal quantiles are smaller than Student's, so this starts a few cases too low and counts up.
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
