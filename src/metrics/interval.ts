import { normalProbability, studentQuantile } from './normal.ts';

/** A range that a value lies in with the stated confidence, both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The middle of the draws: the share `tail` of them lies below it and as many above, with linear interpolation between
 * neighbours (as NumPy's `quantile` does). Draws that are NaN had no value and are left out; null where none has one.
 * Sorts the draws.
 */
export function centralInterval(draws: Float64Array, tail: number): Interval | null {
  // NaN is sorted to the end.
  draws.sort();
  let count = draws.length;
  while (count > 0 && Number.isNaN(draws[count - 1])) count--;
  if (count === 0) return null;
  const quantile = (share: number) => {
    const place = share * (count - 1);
    const lower = Math.floor(place);
    const upper = Math.min(lower + 1, count - 1);
    return draws[lower]! + (place - lower) * (draws[upper]! - draws[lower]!);
  };
  return { low: quantile(tail), high: quantile(1 - tail) };
}

/**
 * The tail to cut off on either side of bootstrap draws over `clusters` clusters, at least two, for an interval of this
 * confidence. The plain percentile interval is too narrow by the factor of sqrt((n - 1) / n) and by that of the normal to
 * Student's distribution; this tail makes up for both. Source: Hesterberg 2015, "What Teachers Should Know About the
 * Bootstrap", The American Statistician 69(4) ("expanded percentile interval").
 */
export function expandedTail(confidence: number, clusters: number): number {
  const student = studentQuantile((1 - confidence) / 2, clusters - 1);
  return normalProbability(student * Math.sqrt(clusters / (clusters - 1)));
}
