import { normalProbability } from './normal.ts';

/**
 * P(T > t) for Student's t with `degrees` of freedom (1 or more), within 1e-6. With a `shift` for the noncentral t, which is
 * what a t-test meets when there is a difference.
 *
 * T = (Z + shift) / S, where S is the root of a chi-square over its degrees. So this is the mean of P(Z > t S - shift) over
 * S. On a logarithmic axis the density of S dies away on both sides, and the trapezoid rule is accurate. Unlike the usual
 * series (algorithm AS 243), nothing here under- or overflows for a large shift.
 */
export function studentTail(t: number, degrees: number, shift = 0): number {
  const spread = 1 / Math.sqrt(degrees);
  // Where the density of S is below 1e-15 of its peak.
  const start = degrees < 64 ? -35 / degrees - 0.5 : -8 * spread;
  const end = Math.min(6 * spread, 2.2);
  const step = Math.min(0.15, spread / 2, 0.5 / (1 + Math.abs(shift)));
  let tail = 0;
  let whole = 0;
  for (let place = start; place <= end; place += step) {
    const density = Math.exp(degrees * (place - (Math.exp(2 * place) - 1) / 2));
    whole += density;
    tail += density * normalProbability(shift - t * Math.exp(place));
  }
  return tail / whole;
}

/** The quantile of Student's t distribution, by bisection. */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  const wanted = 1 - probability;
  let low = 0;
  let high = 2;
  while (studentTail(high, degrees) > wanted) high *= 2;
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > wanted) low = middle;
    else high = middle;
  }
  return high;
}
