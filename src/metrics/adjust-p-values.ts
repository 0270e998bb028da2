import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';

/** Options of {@link adjustPValues}. */
export interface AdjustmentOptions {
  /**
   * Number of tests among which these were chosen, if more than there are p-values. Comparisons of k candidates with the
   * best of them are k - 1 chosen among k (k - 1) / 2, since any of them could have been the best. Default: the number of
   * p-values.
   */
  readonly tests?: number | undefined;
}

/**
 * Adjusts p-values of several tests, so that the chance of any false finding stays below the level you compare them with.
 * Holm's step-down method: valid however the tests depend on each other, as turns of the same cases do.
 * Source: Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure".
 *
 * @param pValues one per test, 0 to 1. Null, a test without a p-value, stays null and does not count.
 * @param options `tests` (the number of p-values).
 * @returns one adjusted p-value per test, in the same order, at most 1.
 * @throws InvalidOptionError for a p-value outside 0 to 1, or if `tests` is below the number of p-values.
 *
 * @example
 * ```ts
 * adjustPValues([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 * ```
 */
export function adjustPValues(
  pValues: readonly (number | null)[],
  options: AdjustmentOptions = {},
): (number | null)[] {
  checkKnownOptions('adjustPValues', options, { tests: true });
  if (!Array.isArray(pValues)) throw new InvalidOptionError('pValues', 'an array of p-values', pValues);
  const known = pValues.flatMap((pValue: number | null, index) => {
    if (pValue === null) return [];
    return [{ pValue: checkNumber(`pValues[${index}]`, pValue, { min: 0, max: 1 }), index }];
  });
  const { tests = known.length } = options;
  checkNumber('tests', tests, { min: known.length, integer: true });
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 0;
  for (const [rank, { pValue, index }] of known.toSorted((a, b) => a.pValue - b.pValue).entries()) {
    least = Math.min(1, Math.max(least, (tests - rank) * pValue));
    adjusted[index] = least;
  }
  return adjusted;
}
