import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { studentQuantile, studentTail } from './student.ts';

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
 * The smallest difference in average level between two candidates that a study of `cases` shared cases can detect: the
 * difference at which a paired t-test has that power (noncentral t, both tails). Cases are assumed to be independent, and
 * their differences normal.
 *
 * @returns the difference, on the scale of the scores.
 * @throws InvalidOptionError for fewer than two cases, or if an option is out of range.
 *
 * @example
 * ```ts
 * detectableDifference({ cases: 100, deviation: 0.6 }); // 0.17
 * ```
 */
export function detectableDifference(options: PowerOptions & { readonly cases: number }): number {
  const { cases, deviation, power = 0.8, alpha = 0.05 } = options;
  checkKnownOptions('detectableDifference', options, {
    cases: true,
    deviation: true,
    power: true,
    alpha: true,
  });
  checkNumber('cases', cases, { min: 2, integer: true });
  checkPower({ deviation, power, alpha });
  const powerAt = powerOf(cases, deviation, alpha);
  let low = 0;
  let high = deviation;
  while (powerAt(high) < power) high *= 2;
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (powerAt(middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The number of cases, shared by both candidates, that a study needs to detect a difference in average level: the smallest
 * number for which {@link detectableDifference} is at most `difference`.
 *
 * The answer is as uncertain as `deviation`. Where 64 is right, 95 of 100 pilots of 20 cases answer between 32 and 110:
 * {@link deviationInterval} gives the range.
 *
 * @throws InvalidOptionError for a difference of 0 or below a millionth of `deviation`, or if an option is out of range.
 *
 * @example
 * ```ts
 * casesNeeded({ difference: 0.2, deviation: 0.6 }); // 73
 * ```
 */
export function casesNeeded(options: PowerOptions & { readonly difference: number }): number {
  const { difference, deviation, power = 0.8, alpha = 0.05 } = options;
  checkKnownOptions('casesNeeded', options, { difference: true, deviation: true, power: true, alpha: true });
  checkPower({ deviation, power, alpha });
  const wanted = Math.abs(checkNumber('difference', difference));
  checkNumber('difference', wanted, { min: deviation / 1e6 });
  const isEnough = (cases: number) => powerOf(cases, deviation, alpha)(wanted) >= power;
  let enough = 2;
  while (!isEnough(enough)) enough *= 2;
  let tooFew = enough === 2 ? 1 : enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** The power of the t-test of `cases` differences, by the true difference. */
function powerOf(cases: number, deviation: number, alpha: number): (difference: number) => number {
  const limit = studentQuantile(1 - alpha / 2, cases - 1);
  return (difference) => {
    const shift = (difference / deviation) * Math.sqrt(cases);
    return studentTail(limit, cases - 1, shift) + studentTail(limit, cases - 1, -shift);
  };
}

function checkPower({ deviation, power, alpha }: Record<keyof PowerOptions, number>): void {
  checkNumber('deviation', deviation, { above: 0 });
  checkNumber('power', power, { min: 0.5, max: 0.999 });
  checkNumber('alpha', alpha, { min: 0.001, max: 0.5 });
}
