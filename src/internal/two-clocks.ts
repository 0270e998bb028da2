/**
 * A moment by two clocks. The monotonic one may stand still while a machine sleeps, and the one on the wall can be set. Both in
 * milliseconds.
 */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

/** Now, by both clocks. */
export function moment(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}

/** Milliseconds since then, by the clock that shows more. */
export function msSince(then: Moment): number {
  const { wall, steady } = moment();
  return Math.max(wall - then.wall, steady - then.steady);
}
