import { ModelCallError } from '../../../src/errors.ts';
import { type Random, seededRandom } from '../../../src/internal/random.ts';
import type { ChatModel, ChatResponse } from '../../../src/models/chat-model.ts';
import { sleepOn } from '../../../src/models/pacing/clock.ts';
import { paced } from '../../../src/models/pacing/paced.ts';
import { pacerWithClock } from '../../../src/models/pacing/pacer.ts';
import type { PacerOptions } from '../../../src/models/pacing/pacer-options.ts';
import { type RetryOptions, retryWithClock } from '../../../src/models/retry.ts';
import type { Limiter } from './limiters.ts';
import { type SimulatedTime, simulatedTime } from './simulated-time.ts';

/** A time in which every call fails: without a connection, or with this status. */
export interface SimulatedOutage {
  readonly from: number;
  readonly to: number;
  readonly status?: number | undefined;
}

/** A server, and the workers that call it. */
export interface Simulation {
  readonly limiter: Limiter;
  readonly durationMs: number;
  /** Number of workers that want to call at any time. */
  readonly wanting: number;
  readonly latencyMs?: number;
  /** Spread of the latencies: sigma of a log-normal distribution. Default 0.3. */
  readonly sigma?: number;
  /** Time that a call spends on the network, at random up to this, half of it on the way there. Default 0. */
  readonly jitterMs?: number;
  readonly refusalMs?: number;
  readonly retryAfterMs?: number | undefined;
  readonly withHeaders?: boolean;
  /** Share of calls refused with 429 whatever the rate, with a Retry-After if refusals have one. */
  readonly strays?: number;
  /** Share of calls that fail with `faultStatus`, 500 by default. */
  readonly faults?: number;
  readonly faultStatus?: number;
  readonly outages?: readonly SimulatedOutage[];
  readonly seed?: number;
  readonly pacer?: PacerOptions;
  readonly retry?: RetryOptions;
  /** Calls before this time are not counted. */
  readonly warmUpMs?: number;
}

/** What came of it. */
export interface SimulationResult {
  readonly accepted: number;
  readonly refused: number;
  /** Calls that failed for good. */
  readonly failed: number;
  /** Accepted calls per second. */
  readonly rate: number;
  readonly refusedShare: number;
  /** Calls that arrived while the server was out. */
  readonly probes: readonly number[];
  readonly maxInFlight: number;
  /** Accepted calls of each second. */
  readonly perSecond: readonly number[];
  readonly time: SimulatedTime;
}

const USAGE = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** Workers that each send one call after another, through the library's own pacer and retries, on a simulated clock. */
export async function simulate(simulation: Simulation): Promise<SimulationResult> {
  const {
    limiter,
    durationMs,
    wanting,
    latencyMs = 200,
    sigma = 0.3,
    jitterMs = 0,
    refusalMs = 2,
    retryAfterMs,
    withHeaders = false,
    strays = 0,
    faults = 0,
    faultStatus = 500,
    outages = [],
    warmUpMs = 0,
  } = simulation;
  const time = simulatedTime();
  const random = seededRandom(simulation.seed ?? 1);
  const probes: number[] = [];
  const perSecond: number[] = new Array(Math.ceil(durationMs / 1_000)).fill(0);
  let inFlight = 0;
  let maxInFlight = 0;
  let refused = 0;
  let failed = 0;

  const counts = (at: number) => (at >= warmUpMs && at < durationMs ? 1 : 0);

  async function generate(): Promise<ChatResponse> {
    if (jitterMs > 0) await sleepOn(time, (jitterMs / 2) * random());
    const arrived = time.now();
    const outage = outages.find(({ from, to }) => from <= arrived && arrived < to);
    if (outage !== undefined) {
      probes.push(arrived);
      await sleepOn(time, refusalMs);
      throw new ModelCallError('m', 'away.', { status: outage.status, retryable: true });
    }
    const admitted = limiter.admit(arrived, inFlight) && !(strays > 0 && random() < strays);
    if (!admitted) {
      await sleepOn(time, refusalMs * (0.5 + random()));
      refused += counts(arrived);
      throw new ModelCallError('m', 'slow down.', { status: 429, retryable: true, retryAfterMs });
    }
    const rateLimit = withHeaders ? limiter.headers?.(arrived) : undefined;
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    const isFaulty = faults > 0 && random() < faults;
    await sleepOn(time, latencyMs * Math.exp(sigma * normal(random) - sigma ** 2 / 2));
    inFlight -= 1;
    if (jitterMs > 0) await sleepOn(time, (jitterMs / 2) * random());
    if (isFaulty) throw new ModelCallError('m', 'broken.', { status: faultStatus, retryable: true });
    if (arrived < durationMs) perSecond[Math.floor(arrived / 1_000)]! += 1;
    return { text: '', finishReason: 'stop', usage: USAGE, rateLimit };
  }

  const pacer = pacerWithClock({ concurrency: wanting, ...simulation.pacer }, time);
  const model: ChatModel = { id: 'm', generate };
  const sent = retryWithClock(paced(model, pacer), simulation.retry ?? {}, time, random);

  async function work(): Promise<void> {
    while (time.now() < durationMs) {
      try {
        await sent.generate({ messages: [] });
      } catch {
        failed += 1;
      }
    }
  }

  const workers = Array.from({ length: wanting }, work);
  await time.run();
  await Promise.all(workers);
  const accepted = perSecond.slice(Math.ceil(warmUpMs / 1_000)).reduce((sum, calls) => sum + calls, 0);
  return {
    accepted,
    refused,
    failed,
    rate: (accepted * 1_000) / (durationMs - warmUpMs),
    refusedShare: refused / (accepted + refused),
    probes,
    maxInFlight,
    perSecond,
    time,
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
