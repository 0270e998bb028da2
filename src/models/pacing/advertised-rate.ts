import type { RateLimitWindow } from '../../rate-limit.ts';

/**
 * The rate a server's own headers leave: what remains, spread over the time until it is whole again. In a window of
 * fixed length that uses it up evenly; of a bucket that refills steadily, it keeps half full at the full rate.
 */
export interface AdvertisedRate {
  /** Units per millisecond; infinite where nothing is known. */
  rate(now: number): number;
  /** @param spentSince units sent after the call which this answers. */
  learn(window: RateLimitWindow, index: number, ageMs: number, spentSince: number, now: number): void;
}

export function advertisedRate(): AdvertisedRate {
  let rate = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  let newest = 0;
  return {
    rate: (now) => (now < until ? rate : Number.POSITIVE_INFINITY),
    learn({ remaining, resetMs }, index, ageMs, spentSince, now) {
      // Older than what is known, or about a window that is over.
      if (index < newest || remaining === undefined || resetMs === undefined || ageMs >= resetMs) return;
      newest = index;
      rate = Math.max(1, remaining - spentSince) / resetMs;
      until = now + resetMs;
    },
  };
}
