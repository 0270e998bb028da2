/** Above the rounding of a mean of a thousand scores, relative to the level. */
const ROUNDING = 1e-13;

/**
 * Whether levels from `low` to `high` are all equal. Means of the same scores in another order may differ in their last bits,
 * and N-IR would blow that up to the whole scale.
 */
export function isFlat(low: number, high: number): boolean {
  return high - low <= ROUNDING * Math.max(Math.abs(low), Math.abs(high));
}
