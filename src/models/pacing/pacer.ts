import { ModelCallError } from '../../errors.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { believedWaitMs } from '../asked-wait.ts';
import type { ChatResponse } from '../chat-model.ts';
import type { AdvertisedPause } from './advertised-rate.ts';
import { type Clock, monotonicClock } from './clock.ts';
import { type AnsweredCall, headerLimits } from './header-limits.ts';
import { heldTime } from './held-time.ts';
import { learnedPace } from './learned-pace.ts';
import { type OutageCall, outage, saysAway } from './outage.ts';
import {
  checkConcurrency,
  checkPacerLimits,
  checkPacerOptions,
  type PacerLimits,
  type PacerOptions,
} from './pacer-options.ts';
import { rateMeter, ratePerMs } from './rate-meter.ts';
import type { SentCall } from './sent-call.ts';
import { waitingLine } from './waiting-line.ts';

/** How a call ended. */
export type CallOutcome = { readonly response: ChatResponse } | { readonly error: unknown };

/** Permission to send one call. */
export interface Permit {
  /** Reports the end of the call. Further calls of `release` have no effect. */
  release(outcome: CallOutcome): void;
}

/**
 * Limits the rate of calls to what the server accepts, and holds them back while it cannot be reached. Create one per rate
 * limit and share it among all calls.
 */
export interface Pacer {
  /**
   * Waits until a call may be sent, first come, first served.
   *
   * @param estimatedTokens Input and output tokens of the call. The actual usage replaces the estimate on release.
   * @throws ModelCallError if the server requested a pause longer than `maxPauseMs`, or could not be reached for that long.
   * On abort, the signal's reason is thrown.
   */
  acquire(estimatedTokens: number, signal?: AbortSignal): Promise<Permit>;
  /** Number of calls sent and not yet released. */
  readonly inFlight: number;
  /** Number of calls that wait for their turn. */
  readonly waiting: number;
  /** Whether the model cannot be reached. Calls wait, and one at a time is sent as a probe. */
  readonly isAway: boolean;
  /** Time for which the model could not be reached, or calls were held, so far, in milliseconds. */
  readonly awayMs: number;
  /** While held, no call is sent: all wait until they are let go. */
  hold(isHeld: boolean): void;
  /** Changes the maximum number of calls in flight. Calls already in flight go on. */
  setConcurrency(concurrency: number): void;
  /** Replaces the fixed limits. A limit that is left out no longer holds. */
  setLimits(limits: PacerLimits): void;
}

interface Refusal {
  readonly error: ModelCallError;
  readonly until: number;
}

/** A call in flight. */
type InFlightCall = SentCall & AnsweredCall & OutageCall & { readonly awakeAt: number };

/** Shorter waits are everyday pacing and are not reported. */
const REPORTED_PAUSE_MS = 60_000;

/** Check interval while the maximum number of calls in flight is still growing. */
const START_TICK_MS = 5;
/** Longest time between checks. Conditions change while calls wait: a window ends, or the rate grows. */
const MAX_TICK_MS = 1_000;

/**
 * Creates a pacer, see {@link paced}.
 *
 * @throws InvalidOptionError if an option is unknown or out of range.
 */
export function createPacer(options: PacerOptions = {}): Pacer {
  checkKnownOptions<PacerOptions>('createPacer()', options, {
    requestsPerMinute: true,
    tokensPerMinute: true,
    concurrency: true,
    maxPauseMs: true,
    onPause: true,
    onAway: true,
    onBack: true,
  });
  return pacerWithClock(options, monotonicClock);
}

/** Creates a pacer on a clock of the caller's choice. Used by tests. */
export function pacerWithClock(options: PacerOptions, clock: Clock): Pacer {
  const { maxPauseMs, concurrency, ...given } = checkPacerOptions(options);
  let limits: PacerLimits = given;
  const held = heldTime();
  /** A clock that stands still while calls are held: nobody can be found away then, or given up. */
  const awake = (now: number) => now - held.ms(now);
  const requests = rateMeter();
  const tokens = rateMeter();
  const pace = learnedPace(concurrency);
  const headers = headerLimits(maxPauseMs);
  const away = outage(maxPauseMs);
  /** The last pause that headers asked for, until a call has to wait for it. */
  let unreported: AdvertisedPause | undefined;
  const line = waitingLine<Permit>(proceed);
  let inFlight = 0;
  let sent = { calls: 0, tokens: 0 };
  let refusal: Refusal | undefined;
  let timer: { readonly due: number; readonly cancel: () => void } | undefined;

  function waitMs(now: number): number {
    if (held.isHeld) return Number.POSITIVE_INFINITY;
    // Probes wait for nothing else, least of all for calls in flight that may never end.
    if (away.isAway) return away.waitMs(awake(now));
    if (inFlight >= pace.maxInFlight) return pace.isStarting ? START_TICK_MS : Number.POSITIVE_INFINITY;
    const callRate = Math.min(ratePerMs(limits.requestsPerMinute), pace.rate, headers.callRate(now));
    const tokenRate = Math.min(ratePerMs(limits.tokensPerMinute), headers.tokenRate(now));
    return Math.max(
      pace.pausedUntil - now,
      away.waitMs(awake(now)),
      requests.waitMs(now, callRate),
      tokens.waitMs(now, tokenRate),
    );
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
    const givenUp = away.givenUp(awake(now));
    if (givenUp !== undefined) line.rejectAll(givenUp);
    if (unreported !== undefined && line.size > 0) {
      options.onPause?.(unreported);
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
    sent = { calls: sent.calls + 1, tokens: sent.tokens + estimatedTokens };
    requests.add(1);
    tokens.add(estimatedTokens);
    const awakeAt = awake(sentAt);
    const isProbe = away.sent(awakeAt);
    const call = { index: sent.calls, sentAt, awakeAt, isProbe, sent, tokens: estimatedTokens };
    pace.sent(call);
    let released = false;
    return {
      release(outcome) {
        if (released) return;
        released = true;
        inFlight -= 1;
        const now = clock.now();
        pace.advance(now, line.size > 0);
        if ('response' in outcome) succeeded(outcome.response, call, now);
        // Rate-limit headers of a failure are ignored: a bucket that is empty for a moment states the time until it is full.
        else if (ModelCallError.isInstance(outcome.error)) failed(outcome.error, call, now);
        proceed();
      },
    };
  }

  function answered(now: number): void {
    const over = away.answered(awake(now));
    if (over === undefined) return;
    pace.restart();
    options.onBack?.(over);
  }

  function succeeded({ usage, rateLimit }: ChatResponse, call: InFlightCall, now: number): void {
    answered(now);
    pace.succeeded(call, now);
    const used = usage.inputTokens + usage.outputTokens;
    if (used > 0) tokens.add(used - call.tokens);
    if (rateLimit === undefined) return;
    const pause = headers.learn(rateLimit, call, sent, now);
    if (pause !== undefined) unreported = pause.waitMs >= REPORTED_PAUSE_MS ? pause : undefined;
  }

  function failed(error: ModelCallError, call: InFlightCall, now: number): void {
    if (saysAway(error)) {
      const begun = away.failed(error, { sentAt: call.awakeAt, isProbe: call.isProbe }, awake(now));
      if (begun !== undefined) options.onAway?.(begun);
    } else answered(now);
    const { status, retryable } = error;
    if (!retryable) return;
    const retryAfterMs = believedWaitMs(status, error.retryAfterMs);
    const tooLong = retryAfterMs !== undefined && retryAfterMs > maxPauseMs;
    const pauseMs = tooLong ? undefined : retryAfterMs;
    if (status === 429) pace.refused(call, now, inFlight, pauseMs);
    else if (saysAway(error) && !away.isAway) pace.overloaded(call, now, inFlight, pauseMs);
    if (!tooLong) return;
    refusal = { error, until: now + maxPauseMs };
    line.rejectAll(error);
  }

  return {
    acquire(estimatedTokens, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (refusal !== undefined) {
        if (clock.now() < refusal.until) return Promise.reject(refusal.error);
        refusal = undefined;
      }
      // Before it joins: the time up to now is one of waiting only if other calls waited.
      pace.advance(clock.now(), line.size > 0);
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
    get isAway() {
      return away.isAway;
    },
    get awayMs() {
      const now = clock.now();
      return away.awayMs(awake(now)) + held.ms(now);
    },
    hold(isHeld) {
      held.set(isHeld, clock.now());
      proceed();
    },
    setConcurrency(next) {
      pace.setConcurrency(checkConcurrency(next));
      proceed();
    },
    setLimits(next) {
      limits = checkPacerLimits(next);
      proceed();
    },
  };
}
