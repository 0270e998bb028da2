import { ModelCallError } from '../../../src/errors.ts';
import { type Random, seededRandom } from '../../../src/internal/random.ts';
import type { ChatResponse } from '../../../src/models/chat-model.ts';
import { type PacerOptions, pacerWithClock } from '../../../src/models/pacing/pacer.ts';
import type { RateLimit } from '../../../src/rate-limit.ts';
import { type SimulatedTime, simulatedTime } from './simulated-time.ts';

/** Decides whether the server accepts a call that arrives now. */
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
export function tokenBucket(limit: number, windowMs: number): Limiter {
  let level = limit;
  let at = 0;
  const refill = (now: number) => {
    level = Math.min(limit, level + ((now - at) * limit) / windowMs);
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
      requests: { limit, remaining: Math.floor(level), resetMs: ((limit - level) * windowMs) / limit },
    }),
  };
}

/** Limits calls in flight, whatever their rate. */
export function concurrencyLimit(limit: number): Limiter {
  return { admit: (_now, inFlight) => inFlight < limit };
}

export interface Simulation {
  readonly limiter: Limiter;
  readonly durationMs: number;
  /** Number of workers that want to call at any time. */
  readonly wanting: number;
  readonly latencyMs?: number;
  /** Spread of the latencies: sigma of a log-normal distribution. Default 0.3. */
  readonly sigma?: number;
  readonly refusalMs?: number;
  readonly retryAfterMs?: number;
  readonly withHeaders?: boolean;
  /** Share of calls that fail with a 500. */
  readonly faults?: number;
  readonly seed?: number;
  readonly retries?: number;
  readonly pacer?: PacerOptions;
  /** Calls before this time are not counted. */
  readonly warmUpMs?: number;
}

export interface SimulationResult {
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
  /** Accepted calls per second. */
  readonly rate: number;
  readonly refusedShare: number;
  readonly arrivals: readonly number[];
  readonly maxInFlight: number;
  readonly time: SimulatedTime;
}

const USAGE = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** Workers that each send one call after another, with the library's retries. */
export async function simulate(simulation: Simulation): Promise<SimulationResult> {
  const {
    limiter,
    durationMs,
    wanting,
    latencyMs = 200,
    sigma = 0.3,
    refusalMs = 2,
    retryAfterMs,
  } = simulation;
  const { withHeaders = false, faults = 0, seed = 1, retries = 6, warmUpMs = 0 } = simulation;
  const time = simulatedTime();
  const random = seededRandom(seed);
  const pacer = pacerWithClock({ concurrency: wanting, ...simulation.pacer }, time);
  const arrivals: number[] = [];
  let inFlight = 0;
  let maxInFlight = 0;
  let accepted = 0;
  let refused = 0;
  let failed = 0;

  async function send(): Promise<ChatResponse> {
    const arrived = time.now();
    arrivals.push(arrived);
    const counted = arrived >= warmUpMs && arrived < durationMs ? 1 : 0;
    const admitted = limiter.admit(arrived, inFlight);
    const rateLimit = withHeaders ? limiter.headers?.(arrived) : undefined;
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    const faulty = random() < faults;
    const answerMs = latencyMs * Math.exp(sigma * normal(random) - sigma ** 2 / 2);
    if (!admitted) inFlight -= 1;
    await time.sleep(admitted ? answerMs : refusalMs * (0.5 + random()));
    if (admitted) inFlight -= 1;
    if (!admitted) {
      refused += counted;
      throw new ModelCallError('m', 'slow down.', { status: 429, retryable: true, retryAfterMs });
    }
    if (faulty) throw new ModelCallError('m', 'broken.', { status: 500, retryable: true });
    accepted += counted;
    return { text: '', finishReason: 'stop', usage: USAGE, rateLimit };
  }

  async function attempt(): Promise<boolean> {
    const permit = await pacer.acquire(10);
    try {
      permit.release({ response: await send() });
      return true;
    } catch (error) {
      permit.release({ error });
      return false;
    }
  }

  async function work(): Promise<void> {
    while (time.now() < durationMs) {
      for (let failures = 0; !(await attempt()); failures++) {
        if (failures >= retries) {
          failed += 1;
          break;
        }
        const backoffMs = random() * Math.min(60_000, 1_000 * 2 ** failures);
        await time.sleep(retryAfterMs ?? backoffMs);
      }
    }
  }

  const workers = Array.from({ length: wanting }, work);
  await time.run();
  await Promise.all(workers);
  return {
    accepted,
    refused,
    failed,
    rate: (accepted * 1_000) / (durationMs - warmUpMs),
    refusedShare: refused / (accepted + refused),
    arrivals,
    maxInFlight,
    time,
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
