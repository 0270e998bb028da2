import type { RateLimit } from '../../../src/rate-limit.ts';

/** Decides whether a server accepts a call that arrives now. */
export interface Limiter {
  admit(now: number, inFlight: number): boolean;
  /** Rate limits that it reports, if any. */
  headers?(now: number): RateLimit;
}

/** Limits calls in any window. Refused calls may count too. */
export function slidingWindow(limit: number, windowMs: number, countRefused = false): Limiter {
  const arrivals: number[] = [];
  let head = 0;
  return {
    admit(now) {
      while (head < arrivals.length && arrivals[head]! <= now - windowMs) head += 1;
      const admitted = arrivals.length - head < limit;
      if (admitted || countRefused) arrivals.push(now);
      return admitted;
    },
  };
}

/** Limits calls per fixed window, with the headers that gateways send. */
export function fixedWindow(limit: number, windowMs: number): Limiter {
  let window = -1;
  let used = 0;
  return {
    admit(now) {
      if (Math.floor(now / windowMs) > window) {
        window = Math.floor(now / windowMs);
        used = 0;
      }
      if (used >= limit) return false;
      used += 1;
      return true;
    },
    headers: (now) => ({
      requests: { limit, remaining: limit - used, resetMs: (window + 1) * windowMs - now },
    }),
  };
}

/** A steadily refilling bucket, with the headers OpenAI sends: the time until it is full. */
export function tokenBucket(limit: number, windowMs: number, size: number = limit): Limiter {
  let level = size;
  let at = 0;
  const refill = (now: number) => {
    level = Math.min(size, level + ((now - at) * limit) / windowMs);
    at = now;
  };
  return {
    admit(now) {
      refill(now);
      if (level < 1) return false;
      level -= 1;
      return true;
    },
    headers: () => ({
      requests: { limit, remaining: Math.floor(level), resetMs: ((size - level) * windowMs) / limit },
    }),
  };
}

/** Limits calls in flight, whatever their rate. */
export function concurrencyLimit(limit: number): Limiter {
  return { admit: (_now, inFlight) => inFlight < limit };
}

/** Accepts every call. */
export const unlimited: Limiter = { admit: () => true };

/** One limiter after another: each with the time at which it begins, in milliseconds. */
export function changing(...limiters: readonly (readonly [from: number, limiter: Limiter])[]): Limiter {
  return {
    admit(now, inFlight) {
      const [, current] = limiters.findLast(([from]) => from <= now)!;
      return current.admit(now, inFlight);
    },
  };
}

/** A limit that another client uses too: `share` of it, at random, while `isBusy`. */
export function sharedKey(limiter: Limiter, perSecond: number, isBusy: (now: number) => boolean): Limiter {
  let at = 0;
  return {
    admit(now, inFlight) {
      for (; at < now; at += 1_000 / perSecond) if (isBusy(at)) limiter.admit(at, inFlight);
      return limiter.admit(now, inFlight);
    },
  };
}
