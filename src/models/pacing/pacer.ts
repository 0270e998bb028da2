import { ModelCallError } from '../../errors.ts';
import { checkNumber } from '../../internal/options.ts';
import type { RateLimit } from '../../rate-limit.ts';
import type { ChatResponse } from '../chat-model.ts';
import { type AdvertisedPause, advertisedRate } from './advertised-rate.ts';
import { type Clock, monotonicClock } from './clock.ts';
import { learnedPace, type SentCall } from './learned-pace.ts';
import { rateMeter, ratePerMs } from './rate-meter.ts';
import { waitingLine } from './waiting-line.ts';

/** Options of {@link createPacer}. */
export interface PacerOptions {
  /** Maximum number of calls in any minute. Default: no fixed limit; the pacer learns what the server accepts. */
  readonly requestsPerMinute?: number | undefined;
  /** Maximum number of input and output tokens in any minute. The last call may exceed it. Default: no fixed limit. */
  readonly tokensPerMinute?: number | undefined;
  /** Maximum number of calls in flight. Default 16. */
  readonly concurrency?: number | undefined;
  /**
   * Longest pause that a server may request, in milliseconds. If an error requests more, calls fail at once with that
   * error, for this long. If the rate-limit headers of a response amount to more, calls pause for this long. Default
   * 1,800,000 (half an hour).
   */
  readonly maxPauseMs?: number | undefined;
  /** Called when a call has to wait for a minute or more because of a server's rate-limit headers. */
  readonly onPause?: ((pause: AdvertisedPause) => void) | undefined;
}

/** How a call ended. */
export type CallOutcome = { readonly response: ChatResponse } | { readonly error: unknown };

/** Permission to send one call. */
export interface Permit {
  /** Reports the end of the call. Further calls of `release` have no effect. */
  release(outcome: CallOutcome): void;
}

/** Limits the rate of calls to what the server accepts. Create one per rate limit and share it among all calls. */
export interface Pacer {
  /**
   * Waits until a call may be sent, first come, first served.
   *
   * @param estimatedTokens Input and output tokens of the call. The actual usage replaces the estimate on release.
   * @throws ModelCallError if the server requested a pause longer than `maxPauseMs`. On abort, the signal's reason is
   * thrown.
   */
  acquire(estimatedTokens: number, signal?: AbortSignal): Promise<Permit>;
  /** Calls that were sent and not yet released. */
  readonly inFlight: number;
  /** Calls that wait to be sent. */
  readonly waiting: number;
  /** While held, no call is sent: all wait until they are let go. */
  hold(isHeld: boolean): void;
  /** Changes the maximum number of calls in flight. Calls above it finish. */
  setConcurrency(concurrency: number): void;
  /** Changes the fixed limits that are given. `Infinity` removes a limit. */
  setLimits(limits: Pick<PacerOptions, 'requestsPerMinute' | 'tokensPerMinute'>): void;
}

interface Refusal {
  readonly error: ModelCallError;
  readonly until: number;
}

/** Shorter waits are everyday pacing and are not reported. */
const REPORTED_PAUSE_MS = 60_000;

/** Check interval while the maximum number of calls in flight is still growing. */
const START_TICK_MS = 5;
/** Longest time between checks. Conditions change while calls wait: a window ends, or the rate grows. */
const MAX_TICK_MS = 1_000;

/**
 * Creates a pacer, see {@link paced}.
 *
 * @throws InvalidOptionError if an option is out of range.
 */
export function createPacer(options: PacerOptions = {}): Pacer {
  return pacerWithClock(options, monotonicClock);
}

/** Creates a pacer on a clock of the caller's choice. Used by tests. */
export function pacerWithClock(options: PacerOptions, clock: Clock): Pacer {
  const { requestsPerMinute, tokensPerMinute, maxPauseMs, concurrency } = checkPacerOptions(options);
  const { onPause } = options;
  let configuredRequests = ratePerMs(requestsPerMinute);
  let configuredTokens = ratePerMs(tokensPerMinute);
  let isHeld = false;
  const requests = rateMeter();
  const tokens = rateMeter();
  const pace = learnedPace(concurrency);
  const advertised = { requests: advertisedRate(maxPauseMs), tokens: advertisedRate(maxPauseMs) };
  /** The last pause that headers asked for, until a call has to wait for it. */
  let unreported: AdvertisedPause | undefined;
  const line = waitingLine<Permit>(proceed);
  let inFlight = 0;
  let sentCalls = 0;
  let sentTokens = 0;
  let refusal: Refusal | undefined;
  let timer: { readonly due: number; readonly cancel: () => void } | undefined;

  function waitMs(now: number): number {
    if (isHeld) return Number.POSITIVE_INFINITY;
    if (inFlight >= pace.maxInFlight) return pace.isStarting() ? START_TICK_MS : Number.POSITIVE_INFINITY;
    const requestRate = Math.min(configuredRequests, pace.rate(), advertised.requests.rate(now));
    const tokenRate = Math.min(configuredTokens, advertised.tokens.rate(now));
    return Math.max(pace.pausedUntil - now, requests.waitMs(now, requestRate), tokens.waitMs(now, tokenRate));
  }

  /** Serves all calls that may be sent now, and sets one timer for the next. */
  function proceed(): void {
    const now = clock.now();
    pace.advance(now, line.size > 0);
    let wait = 0;
    while (line.size > 0) {
      wait = waitMs(now);
      if (wait > 0) break;
      line.serve(grant(line.firstUnits(), now));
    }
    if (unreported !== undefined && line.size > 0) {
      onPause?.(unreported);
      unreported = undefined;
    }
    if (line.size === 0 || wait === Number.POSITIVE_INFINITY) {
      timer?.cancel();
      timer = undefined;
      return;
    }
    const delay = Math.ceil(Math.min(wait, MAX_TICK_MS));
    if (timer !== undefined && timer.due <= now + delay) return;
    timer?.cancel();
    const cancel = clock.after(delay, () => {
      timer = undefined;
      proceed();
    });
    timer = { due: now + delay, cancel };
  }

  function grant(estimatedTokens: number, sentAt: number): Permit {
    inFlight += 1;
    sentCalls += 1;
    sentTokens += estimatedTokens;
    requests.add(1);
    tokens.add(estimatedTokens);
    const call: SentCall = { index: sentCalls, sentAt };
    const tokensAtSending = sentTokens;
    pace.sent(call);
    let released = false;
    return {
      release(outcome) {
        if (released) return;
        released = true;
        inFlight -= 1;
        const now = clock.now();
        pace.advance(now, line.size > 0);
        if ('response' in outcome) {
          pace.succeeded(call);
          const { inputTokens, outputTokens } = outcome.response.usage;
          const used = inputTokens + outputTokens;
          if (used > 0) tokens.add(used - estimatedTokens);
          learnFromHeaders(outcome.response.rateLimit, { call, tokensAtSending, estimatedTokens }, now);
        } else if (ModelCallError.isInstance(outcome.error)) {
          // Its rate-limit headers are ignored: a bucket that is empty for a moment states the time until it is full.
          failed(outcome.error, call, now);
        } else pace.ended(call);
        proceed();
      },
    };
  }

  function failed(error: ModelCallError, call: SentCall, now: number): void {
    const { status, retryable } = error;
    const retryAfterMs = retryable ? error.retryAfterMs : undefined;
    const tooLong = retryAfterMs !== undefined && retryAfterMs > maxPauseMs;
    const pauseMs = tooLong ? undefined : retryAfterMs;
    if (retryable && status === 429) pace.refused(call, now, inFlight, pauseMs);
    else if (retryable && (status === undefined || status >= 500)) pace.troubled(call);
    else pace.ended(call);
    if (pauseMs !== undefined) pace.pauseUntil(now + pauseMs);
    if (!tooLong) return;
    refusal = { error, until: now + maxPauseMs };
    line.rejectAll(error);
  }

  function learnFromHeaders(
    limits: RateLimit | undefined,
    sent: { readonly call: SentCall; readonly tokensAtSending: number; readonly estimatedTokens: number },
    now: number,
  ): void {
    if (limits === undefined) return;
    const { index, sentAt } = sent.call;
    const call = { index, ageMs: now - sentAt };
    const pauses = [
      limits.requests &&
        advertised.requests.learn(
          { ...call, window: limits.requests, spentSince: sentCalls - index, callUnits: 1 },
          now,
        ),
      limits.tokens &&
        advertised.tokens.learn(
          {
            ...call,
            window: limits.tokens,
            spentSince: sentTokens - sent.tokensAtSending,
            callUnits: sent.estimatedTokens,
          },
          now,
        ),
    ].filter((pause) => pause !== undefined);
    const [longest] = pauses.sort((a, b) => b.waitMs - a.waitMs);
    if (longest !== undefined) unreported = longest.waitMs >= REPORTED_PAUSE_MS ? longest : undefined;
  }

  return {
    acquire(estimatedTokens, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (refusal !== undefined) {
        if (clock.now() < refusal.until) return Promise.reject(refusal.error);
        refusal = undefined;
      }
      const permit = line.join(estimatedTokens, signal);
      proceed();
      return permit;
    },
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return line.size;
    },
    hold(held) {
      isHeld = held;
      proceed();
    },
    setConcurrency(most) {
      pace.setConcurrency(most);
      proceed();
    },
    setLimits(limits) {
      if (limits.requestsPerMinute !== undefined) configuredRequests = ratePerMs(limits.requestsPerMinute);
      if (limits.tokensPerMinute !== undefined) configuredTokens = ratePerMs(limits.tokensPerMinute);
      proceed();
    },
  };
}

/** Fills in defaults. @throws InvalidOptionError if an option is out of range. */
export function checkPacerOptions(options: PacerOptions): {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly concurrency: number;
  readonly maxPauseMs: number;
} {
  const { requestsPerMinute, tokensPerMinute, concurrency = 16, maxPauseMs = 1_800_000 } = options;
  for (const [name, value] of Object.entries({ requestsPerMinute, tokensPerMinute })) {
    if (value !== undefined) checkNumber(name, value, { min: 1 / 1_440 });
  }
  return {
    requestsPerMinute,
    tokensPerMinute,
    concurrency: checkNumber('concurrency', concurrency, { min: 1, integer: true }),
    maxPauseMs: checkNumber('maxPauseMs', maxPauseMs, { min: 0 }),
  };
}
