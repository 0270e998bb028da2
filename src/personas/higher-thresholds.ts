import type { DiscardedEntry, HigherThreshold } from './pool-data.ts';

/** Steps of 0.05, as multiples of a whole number: sums of 0.05 are not exact. */
const STEPS = 20;

/** How many of the discarded entries each threshold above the one used would have kept, at most. Up to 0.95. */
export function higherThresholds(
  threshold: number,
  discarded: readonly Pick<DiscardedEntry, 'similarity'>[],
): HigherThreshold[] {
  const first = Math.floor(threshold * STEPS + 1e-9) + 1;
  return Array.from({ length: Math.max(0, STEPS - first) }, (_, index) => {
    const higher = (first + index) / STEPS;
    // As the filter compares: in single precision, and the threshold itself is kept.
    const more = discarded.filter(({ similarity }) => Math.fround(similarity) <= Math.fround(higher)).length;
    return { threshold: higher, more };
  });
}
