import { ModelCallError } from '../../errors.ts';
import { checkNumber } from '../../internal/options.ts';
import type { RateLimit } from '../../rate-limit.ts';
import type { ChatResponse } from '../chat-model.ts';
import { advertisedRate } from './advertised-rate.ts';
import { type Clock, monotonicClock } from './clock.ts';
import { learnedPace, type SentCall } from './learned-pace.ts';
import { rateMeter, ratePerMs } from './rate-meter.ts';
import { waitingLine } from './waiting-line.ts';

export interface PacerOptions {
  /** Calls sent in any minute, at most. Default: no bound but what the model is found to take. */
  readonly requestsPerMinute?: number | undefined;
  /** Tokens of input and output in any minute, at most, give or take the one call that crosses it. Default: likewise. */
  readonly tokensPerMinute?: number | undefined;
  /** Calls in flight at most. Default 16. */
  readonly concurrency?: number | undefined;
  /**
   * Longest pause a server may ask for, in milliseconds. Beyond it calls fail at once with the error that asked.
   * Default 1,800,000 (half an hour).
   */
  readonly maxPauseMs?: number | undefined;
}

/** How a call ended. */
export type CallOutcome = { readonly response: ChatResponse } | { readonly error: unknown };

/** Leave to send one call. */
export interface Permit {
  /** To be called once, when the call has ended. */
  release(outcome: CallOutcome): void;
}

/** Holds back the calls of one model so that it is asked no faster than it answers. One per model, shared by all its calls. */
export interface Pacer {
  /**
   * Waits for its turn: first come, first served.
   *
   * @param estimatedTokens of input and output; corrected by the usage on release.
   * @throws the signal's reason on abort; ModelCallError when the server asked for a pause above `maxPauseMs`.
   */
  acquire(estimatedTokens: number, signal?: AbortSignal): Promise<Permit>;
}

interface Refusal {
  readonly error: ModelCallError;
  readonly until: number;
}

/** While the bound of calls in flight goes up by itself, it is looked at this often. */
const START_TICK_MS = 5;
/** What is known may change while all wait (a window ends, the rate grows): look again after this at the latest. */
const MAX_TICK_MS = 1_000;

/** @throws InvalidOptionError */
export function createPacer(options: PacerOptions = {}): Pacer {
  return pacerWithClock(options, monotonicClock);
}

/** A pacer on another clock, as tests use it. */
export function pacerWithClock(options: PacerOptions, clock: Clock): Pacer {
  const {
    requestsPerMinute,
    tokensPerMinute,
    maxPauseMs,
    concurrency: maxInFlight,
  } = checkPacerOptions(options);
  const configuredRequests = ratePerMs(requestsPerMinute);
  const configuredTokens = ratePerMs(tokensPerMinute);
  const requests = rateMeter();
  const tokens = rateMeter();
  const pace = learnedPace(maxInFlight);
  const advertised = { requests: advertisedRate(), tokens: advertisedRate() };
  const line = waitingLine<Permit>(proceed);
  let inFlight = 0;
  let sentCalls = 0;
  let sentTokens = 0;
  let refusal: Refusal | undefined;
  let timer: { readonly due: number; readonly cancel: () => void } | undefined;

  function waitMs(now: number): number {
    if (inFlight >= pace.maxInFlight) return pace.isStarting() ? START_TICK_MS : Number.POSITIVE_INFINITY;
    const requestRate = Math.min(configuredRequests, pace.rate(), advertised.requests.rate(now));
    const tokenRate = Math.min(configuredTokens, advertised.tokens.rate(now));
    return Math.max(pace.pausedUntil - now, requests.waitMs(now, requestRate), tokens.waitMs(now, tokenRate));
  }

  /** Serves whoever may go now and sets the one timer for the next. */
  function proceed(): void {
    const now = clock.now();
    pace.advance(now, line.size > 0);
    let wait = 0;
    while (line.size > 0) {
      wait = waitMs(now);
      if (wait > 0) break;
      line.serve(grant(line.firstUnits(), now));
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
          learnFromHeaders(outcome.response.rateLimit, call, tokensAtSending, now);
        } else if (ModelCallError.isInstance(outcome.error)) {
          // Its headers are left aside: a bucket that is empty for a moment tells how long it takes to be full.
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
    refusal = { error, until: now + retryAfterMs };
    line.rejectAll(error);
  }

  function learnFromHeaders(
    limits: RateLimit | undefined,
    call: SentCall,
    tokensAtSending: number,
    now: number,
  ): void {
    if (limits === undefined) return;
    const { index, sentAt } = call;
    const age = now - sentAt;
    if (limits.requests) advertised.requests.learn(limits.requests, index, age, sentCalls - index, now);
    if (limits.tokens) {
      advertised.tokens.learn(limits.tokens, index, age, sentTokens - tokensAtSending, now);
    }
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
  };
}

/** The options with their defaults. @throws InvalidOptionError */
export function checkPacerOptions(options: PacerOptions): {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly concurrency: number;
  readonly maxPauseMs: number;
} {
  const {
    requestsPerMinute,
    tokensPerMinute,
    concurrency: maxInFlight = 16,
    maxPauseMs = 1_800_000,
  } = options;
  for (const [name, value] of Object.entries({ requestsPerMinute, tokensPerMinute })) {
    if (value !== undefined) checkNumber(name, value, { min: 1 / 1_440 });
  }
  return {
    requestsPerMinute,
    tokensPerMinute,
    concurrency: checkNumber('concurrency', maxInFlight, { min: 1, integer: true }),
    maxPauseMs: checkNumber('maxPauseMs', maxPauseMs, { min: 0 }),
  };
}
