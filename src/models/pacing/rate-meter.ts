/**
 * Burst size, in milliseconds of the rate. It makes up for timers that fire late. At 500 calls per second the burst is
 * five calls, at 500 per minute it is one.
 */
const BURST_MS = 10;

/**
 * A leaky bucket. Everything sent is a debt that is paid off at the current rate. The rate may change at any time, also
 * for existing debt.
 */
export interface RateMeter {
  /** Milliseconds until the next call may be sent; 0 if it may be sent now. `rate` is in units per millisecond. */
  waitMs(now: number, rate: number): number;
  /** Adds to the debt. A negative amount corrects it. */
  add(units: number): void;
}

/** A rate meter without debt. */
export function rateMeter(): RateMeter {
  let debt = 0;
  let paidUntil = Number.NEGATIVE_INFINITY;
  return {
    waitMs(now, rate) {
      if (rate === Number.POSITIVE_INFINITY) debt = 0;
      else debt = Math.max(0, debt - rate * Math.max(0, now - paidUntil));
      paidUntil = now;
      return Math.max(0, debt / rate - BURST_MS);
    },
    add(units) {
      debt = Math.max(0, debt + units);
    },
  };
}

/** Converts a limit per minute to units per millisecond. No minute exceeds `perMinute`, even with a burst. */
export function ratePerMs(perMinute: number | undefined): number {
  return perMinute === undefined ? Number.POSITIVE_INFINITY : perMinute / (60_000 + BURST_MS);
}
