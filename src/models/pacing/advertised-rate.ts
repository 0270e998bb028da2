import type { RateLimitWindow } from '../../rate-limit.ts';

/** What a response says about a limit, and when the call was sent. */
export interface AdvertisedLimit {
  readonly window: RateLimitWindow;
  /** Number of the call, in the order of sending. */
  readonly index: number;
  /** Time since the call was sent, in milliseconds. */
  readonly ageMs: number;
  /** Units sent since that call. */
  readonly spentSince: number;
  /** Units that a call needs: 1 for requests, some tokens. */
  readonly callUnits: number;
}

/** A wait that a server's headers ask for. */
export interface AdvertisedPause {
  /** How long to wait before the next call, in milliseconds. At most the longest pause that is accepted. */
  readonly waitMs: number;
  /** What the server asked for. */
  readonly requestedMs: number;
}

/**
 * The rate allowed by a server's headers: the remaining units, spread evenly over the time until the limit is restored.
 * A fixed window is thus used up evenly. A bucket that refills steadily stays half full, at its full rate.
 */
export interface AdvertisedRate {
  /** Units per millisecond; infinite if no limit is known. */
  rate(now: number): number;
  /** Updates the rate from a response. Returns the wait before the next call, or undefined if the response is outdated. */
  learn(limit: AdvertisedLimit, now: number): AdvertisedPause | undefined;
}

/**
 * An advertised rate that knows no limit yet.
 *
 * @param maxPauseMs A limit is forgotten after this time unless a response repeats it, so that no header can stop calls
 * for longer.
 */
export function advertisedRate(maxPauseMs: number): AdvertisedRate {
  let rate = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  let newest = 0;
  return {
    rate: (now) => (now < until ? rate : Number.POSITIVE_INFINITY),
    learn({ window: { remaining, resetMs }, index, ageMs, spentSince, callUnits }, now) {
      // Outdated: a newer response is known, or the window is over.
      if (index < newest || remaining === undefined || resetMs === undefined || ageMs >= resetMs) return;
      newest = index;
      rate = Math.max(1, remaining - spentSince) / resetMs;
      until = now + Math.min(resetMs, maxPauseMs);
      const requestedMs = Math.min(resetMs, callUnits / rate);
      return { waitMs: Math.min(requestedMs, maxPauseMs), requestedMs };
    },
  };
}
