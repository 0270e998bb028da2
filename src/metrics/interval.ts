import { normalProbability } from './normal.ts';
import { studentQuantile } from './student.ts';

/** A confidence interval, both ends included. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** The interval, or null if it has no width but for rounding: equal values show no spread, which would read as certainty. */
export function withSpread(interval: Interval | null): Interval | null {
  if (interval === null) return null;
  const { low, high } = interval;
  return high - low > 1e-9 * Math.max(1, Math.abs(low), Math.abs(high)) ? interval : null;
}

/**
 * The central interval of the draws, from quantile `tail` to quantile `1 - tail`, with linear interpolation like NumPy's
 * `quantile`. NaN draws have no value and are left out; null if none has a value. Sorts `draws` in place.
 */
export function centralInterval(draws: Float64Array, tail: number): Interval | null {
  // NaN sorts to the end.
  draws.sort();
  let count = draws.length;
  while (Number.isNaN(draws[count - 1])) count--;
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
 * The tail to cut off on either side of bootstrap draws over `clusters` clusters (at least two) for an interval of this
 * confidence. A plain percentile interval is too narrow, by a factor of sqrt((n - 1) / n) and by the ratio of the normal
 * to Student's quantile; this tail corrects both. Source: Hesterberg 2015, "What Teachers Should Know About the
 * Bootstrap", The American Statistician 69(4) ("expanded percentile interval").
 */
export function expandedTail(confidence: number, clusters: number): number {
  return studentizedTail(confidence, clusters - 1, Math.sqrt(clusters / (clusters - 1)));
}

/**
 * The tail to cut off on either side of draws whose variance has these degrees of freedom: what a normal distribution has
 * beyond Student's quantile times `factor`.
 */
export function studentizedTail(confidence: number, degrees: number, factor = 1): number {
  return normalProbability(factor * studentQuantile((1 - confidence) / 2, degrees));
}
