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
  /** How long to wait before the next call, in milliseconds. At most a minute: then one call tries whether the headers are right. */
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

/** Headers can be wrong, so a call is tried after this time. */
const TRIAL_MS = 60_000;

/**
 * An advertised rate that knows no limit yet.
 *
 * @param maxPauseMs A limit that is restored later than that is not waited for: the server's refusal decides.
 */
export function advertisedRate(maxPauseMs: number): AdvertisedRate {
  let rate = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  let newest = 0;
  /** When a header said that nothing is left for longer than `TRIAL_MS`. */
  let usedUpAt = Number.POSITIVE_INFINITY;
  let isRefuted = false;

  function forget(): void {
    until = Number.NEGATIVE_INFINITY;
    usedUpAt = Number.POSITIVE_INFINITY;
  }

  return {
    rate: (now) => (now < until ? rate : Number.POSITIVE_INFINITY),
    learn({ window: { remaining, resetMs }, index, ageMs, spentSince, callUnits }, now) {
      // Outdated: a newer response is known, or the window is over.
      if (isRefuted || index < newest || resetMs === undefined || ageMs >= resetMs) return;
      newest = index;
      const sentAt = now - ageMs;
      if (remaining <= 0 && sentAt > usedUpAt && sentAt < until) {
        // This call was accepted although nothing was left.
        isRefuted = true;
        forget();
        return;
      }
      forget();
      if (resetMs > maxPauseMs) return;
      const fair = Math.max(1, remaining - spentSince) / resetMs;
      const requestedMs = Math.min(resetMs, callUnits / fair);
      rate = Math.max(fair, callUnits / TRIAL_MS);
      until = now + resetMs;
      if (remaining <= 0 && requestedMs > TRIAL_MS) usedUpAt = now;
      return { waitMs: Math.min(requestedMs, TRIAL_MS), requestedMs };
    },
  };
}
