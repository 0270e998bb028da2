import { seededRandom } from '../../src/internal/random.ts';
import { serveChat } from './chat-server.ts';
import { hashedLatency, type LatencyOptions } from './hashed-latency.ts';

/** Started by `startServer('rate-limited', options)`. */
export interface RateLimitedOptions extends LatencyOptions {
  /** Requests a second. */
  readonly limit: number;
  /**
   * `window`: at most `limit` accepted in any second. `bucket`: refills steadily and holds one second's worth. `strays`: no
   * limit.
   */
  readonly kind: 'window' | 'bucket' | 'strays';
  /** Share of requests refused at random, whatever their rate. Default 0. */
  readonly strays?: number;
  /** Sent with each 429, in seconds. */
  readonly retryAfterSeconds?: number;
  /** Whether x-ratelimit headers are sent with each answer. */
  readonly withHeaders?: boolean;
}

interface Limiter {
  admit(now: number): boolean;
  /** Requests left, and milliseconds until all are. */
  left(now: number): { readonly remaining: number; readonly resetMs: number };
}

const options = JSON.parse(
  process.argv[2] ?? '{"meanMs":200,"limit":500,"kind":"window"}',
) as RateLimitedOptions;
const limiters = { bucket, window: slidingWindow, strays: unlimited };
const limiter = limiters[options.kind](options.limit);
const random = seededRandom(7);

serveChat((body) => {
  const now = performance.now();
  const admitted = limiter.admit(now) && random() >= (options.strays ?? 0);
  return {
    status: admitted ? 200 : 429,
    latencyMs: admitted ? hashedLatency(body, options) : 0,
    headers: {
      ...(!admitted &&
        options.retryAfterSeconds !== undefined && { 'retry-after': String(options.retryAfterSeconds) }),
      ...(options.withHeaders && limitHeaders(now)),
    },
  };
});

function limitHeaders(now: number): Record<string, string> {
  const { remaining, resetMs } = limiter.left(now);
  return {
    'x-ratelimit-limit-requests': String(options.limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': `${Math.ceil(resetMs)}ms`,
  };
}

function slidingWindow(limit: number): Limiter {
  // The times of the last `limit` accepted requests, in a ring.
  const accepted = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    admit(now) {
      if (accepted[next]! > now - 1_000) return false;
      accepted[next] = now;
      next = (next + 1) % limit;
      return true;
    },
    left: (now) => ({
      remaining: accepted.reduce((sum, time) => sum + (time <= now - 1_000 ? 1 : 0), 0),
      resetMs: 1_000,
    }),
  };
}

function unlimited(limit: number): Limiter {
  return { admit: () => true, left: () => ({ remaining: limit, resetMs: 0 }) };
}

function bucket(limit: number): Limiter {
  let level = limit;
  let at = performance.now();
  return {
    admit(now) {
      level = Math.min(limit, level + ((now - at) * limit) / 1_000);
      at = now;
      if (level < 1) return false;
      level -= 1;
      return true;
    },
    left: () => ({ remaining: Math.floor(level), resetMs: ((limit - level) * 1_000) / limit }),
  };
}
