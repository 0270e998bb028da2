/**
 * How much may be made up for at once after a timer fired late, in milliseconds of the rate. Also the only burst
 * there is: at 500 a second five calls, at 500 a minute one.
 */
const BURST_MS = 10;

/**
 * A leaky bucket: what was sent is a debt that is paid off at the rate. The rate may change at any time, and holds
 * for the debt there is.
 */
export interface RateMeter {
  /** How long until something may be sent, in milliseconds; 0 for now. `rate` is in units per millisecond. */
  waitMs(now: number, rate: number): number;
  /** Adds to the debt, or corrects it by a negative amount. */
  add(units: number): void;
}

export function rateMeter(): RateMeter {
  let debt = 0;
  let paidUntil = Number.NEGATIVE_INFINITY;
  return {
    waitMs(now, rate) {
      if (rate === Number.POSITIVE_INFINITY) debt = 0;
      else debt = Math.max(0, debt - rate * Math.max(0, now - paidUntil));
      paidUntil = now;
      return debt === 0 ? 0 : Math.max(0, debt / rate - BURST_MS);
    },
    add(units) {
      debt = Math.max(0, debt + units);
    },
  };
}

/** Units per millisecond that keep every half-open minute at or below `perMinute`, the burst included. */
export function ratePerMs(perMinute: number | undefined): number {
  return perMinute === undefined ? Number.POSITIVE_INFINITY : perMinute / (60_000 + BURST_MS);
}
