import { seededRandom } from '../internal/seeded-random.ts';
import type { CheckedResampling } from './resampling-options.ts';

/**
 * Two-sided p-values of sums under random signs of their terms: the share of sign patterns whose sum is at least as far
 * from 0. All sums see the same signs. If there are at most `resamples` patterns, all of them are counted; otherwise
 * `resamples` random ones and the observed one (Phipson and Smyth 2010, "Permutation P-values should never be zero").
 *
 * @param sums one array of terms per sum, all of the same length.
 */
export function signFlipPValues(
  sums: readonly Float64Array[],
  { seed, resamples }: Pick<CheckedResampling, 'seed' | 'resamples'>,
): number[] {
  const terms = sums[0]!.length;
  // Term by term, in the order in which they are read.
  const table = Float64Array.from({ length: terms * sums.length }, (_, at) => {
    return sums[at % sums.length]![Math.floor(at / sums.length)]!;
  });
  const flip = (isNegative: (term: number) => boolean, totals: Float64Array) => {
    totals.fill(0);
    for (let term = 0, at = 0; term < terms; term++) {
      const sign = isNegative(term) ? -1 : 1;
      for (let sum = 0; sum < totals.length; sum++, at++) totals[sum]! += sign * table[at]!;
    }
  };
  const observed = new Float64Array(sums.length);
  flip(() => false, observed);
  // Equal sums added in another order may differ in their last bits.
  const limits = observed.map(
    (sum, index) => Math.abs(sum) - 1e-12 * sums[index]!.reduce((size, term) => size + Math.abs(term), 0),
  );
  const asFar = new Float64Array(sums.length);
  const totals = new Float64Array(sums.length);
  const count = (isNegative: (term: number) => boolean) => {
    flip(isNegative, totals);
    for (let sum = 0; sum < sums.length; sum++) {
      if (Math.abs(totals[sum]!) >= limits[sum]!) asFar[sum]! += 1;
    }
  };
  // A pattern and its opposite are equally far from 0, so the last term keeps its sign.
  const patterns = 2 ** (terms - 1);
  if (2 * patterns <= resamples) {
    for (let pattern = 0; pattern < patterns; pattern++) count((term) => (pattern & (1 << term)) !== 0);
    return Array.from(asFar, (far) => far / patterns);
  }
  const random = seededRandom(seed);
  for (let resample = 0; resample < resamples; resample++) count(() => random() < 0.5);
  return Array.from(asFar, (far) => (1 + far) / (1 + resamples));
}
