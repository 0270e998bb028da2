import type { Interval } from './interval.ts';

const Z = 1.959963984540054;

/**
 * The 95 % interval of a share, by Wilson's score; null of nothing. It assumes that what is counted is independent. Source:
 * Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22(158).
 */
export function wilsonInterval(found: number, of: number): Interval | null {
  if (of === 0) return null;
  const centre = (found + Z ** 2 / 2) / (of + Z ** 2);
  const reach = (Z / (of + Z ** 2)) * Math.sqrt((found * (of - found)) / of + Z ** 2 / 4);
  // Rounding could put an end just beyond a share that is possible.
  return { low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}
