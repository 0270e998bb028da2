import type { RateLimitWindow } from '../../rate-limit.ts';

/**
 * The rate allowed by a server's headers: the remaining units, spread evenly over the time until the limit is restored.
 * A fixed window is thus used up evenly. A bucket that refills steadily stays half full, at its full rate.
 */
export interface AdvertisedRate {
  /** Units per millisecond; infinite if no limit is known. */
  rate(now: number): number;
  /**
   * Updates the rate from a response.
   *
   * @param index number of the call, in the order of sending.
   * @param ageMs time since the call was sent.
   * @param spentSince units sent since that call.
   */
  learn(window: RateLimitWindow, index: number, ageMs: number, spentSince: number, now: number): void;
}

/** An advertised rate that knows no limit yet. */
export function advertisedRate(): AdvertisedRate {
  let rate = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  let newest = 0;
  return {
    rate: (now) => (now < until ? rate : Number.POSITIVE_INFINITY),
    learn({ remaining, resetMs }, index, ageMs, spentSince, now) {
      // Outdated: a newer response is known, or the window is over.
      if (index < newest || remaining === undefined || resetMs === undefined || ageMs >= resetMs) return;
      newest = index;
      rate = Math.max(1, remaining - spentSince) / resetMs;
      until = now + resetMs;
    },
  };
}
