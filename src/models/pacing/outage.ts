import { ModelCallError } from '../../errors.ts';
import { duration } from '../../internal/format.ts';
import { withoutHint } from '../without-hint.ts';

/** Bad gateway, service unavailable, gateway timeout, and 529, which some services send when overloaded. */
const AWAY_STATUS: ReadonlySet<number> = new Set([502, 503, 504, 529]);

/** This many failures in a row, with no answer for this long, are an outage. A single bad call or upstream is not. */
const FAILURES = 3;
const SILENCE_MS = 1_000;
/** Until that is clear, calls are sent with this much time between them. */
const DOUBT_MS = 100;
/** A server that has never answered and refuses at once is more likely a wrong address than an outage. */
const FIRST_CONTACT_MS = 5_000;
/** Time between probes: a tenth of the outage so far, within these bounds. */
const MIN_PROBE_MS = 1_000;
const MAX_PROBE_MS = 15_000;
const PROBE_SHARE = 0.1;
/** Longest wait between two probes that a server may ask for. */
const MAX_ASKED_MS = 60_000;

/** Whether a failure says that the server is down or overloaded: no connection, no answer in time, or 502, 503, 504, 529. */
export function saysAway({ status, retryable }: ModelCallError): boolean {
  return retryable && (status === undefined || AWAY_STATUS.has(status));
}

/** What is known when a model goes away or comes back. */
export interface OutageNews {
  /** Time since the first failure, in milliseconds. */
  readonly sinceMs: number;
  /** The last failure. */
  readonly error: ModelCallError;
}

/** A call, as an outage sees it. */
export interface OutageCall {
  readonly sentAt: number;
  readonly isProbe: boolean;
}

/** Whether a model can be reached at all. While it is away, one call at a time is sent to find out whether it is back. */
export interface Outage {
  readonly isAway: boolean;
  /** Time that the model was away so far, all outages together, in milliseconds. */
  awayMs(now: number): number;
  /** Time until the next call may be sent: a probe, if the model is away. */
  waitMs(now: number): number;
  /** The error that ends the wait, once it has lasted too long. */
  givenUp(now: number): ModelCallError | undefined;
  /** A call is sent. @returns whether it is a probe. */
  sent(now: number): boolean;
  /** The server answered a call, with whatever status. @returns the outage that this ends. */
  answered(now: number): OutageNews | undefined;
  /** A call failed as in an outage. @returns the outage that begins with it. */
  failed(error: ModelCallError, call: OutageCall, now: number): OutageNews | undefined;
}

/** A model that is not away. @param maxMs how long to wait for one that is. */
export function outage(maxMs: number): Outage {
  let failures = 0;
  let firstFailure = 0;
  let lastAnswer = Number.NEGATIVE_INFINITY;
  let earlierMs = 0;
  let away: { readonly since: number; readonly maxMs: number; error: ModelCallError } | undefined;
  let lastSent = 0;
  let nextProbe = 0;

  function begin(error: ModelCallError, sentAt: number, now: number): OutageNews | undefined {
    const isFirstContact = lastAnswer === Number.NEGATIVE_INFINITY;
    if (!isFirstContact && (failures < FAILURES || now - lastAnswer < SILENCE_MS)) return;
    const isRefused = isFirstContact && error.status === undefined && now - sentAt < FIRST_CONTACT_MS;
    away = { since: firstFailure, maxMs: isRefused ? Math.min(maxMs, FIRST_CONTACT_MS) : maxMs, error };
    return { sinceMs: now - firstFailure, error };
  }

  return {
    get isAway() {
      return away !== undefined;
    },
    awayMs: (now) => earlierMs + (away === undefined ? 0 : now - away.since),
    waitMs(now) {
      if (away !== undefined) return Math.max(0, nextProbe - now);
      return failures < FAILURES ? 0 : Math.max(0, lastSent + DOUBT_MS - now);
    },
    givenUp(now) {
      if (away === undefined || now - away.since < away.maxMs) return;
      return outlasted(away.error, away.maxMs);
    },
    sent(now) {
      lastSent = now;
      if (away === undefined) return false;
      // Unless it fails before: a server that takes calls and never answers must not hold up the next probe for long.
      nextProbe = now + MAX_PROBE_MS;
      return true;
    },
    answered(now) {
      failures = 0;
      lastAnswer = now;
      if (away === undefined) return;
      const { since, error } = away;
      earlierMs += now - since;
      away = undefined;
      return { sinceMs: now - since, error };
    },
    failed(error, { sentAt, isProbe }, now) {
      failures += 1;
      if (failures === 1) firstFailure = now;
      const begun = away === undefined ? begin(error, sentAt, now) : undefined;
      if (away === undefined) return;
      away.error = error;
      if (!isProbe && begun === undefined) return;
      const everyMs = Math.min(MAX_PROBE_MS, Math.max(MIN_PROBE_MS, PROBE_SHARE * (now - away.since)));
      const askedMs = Math.min(MAX_ASKED_MS, error.retryAfterMs ?? 0);
      nextProbe = Math.max(lastSent + everyMs, now + askedMs);
      return begun;
    },
  };
}

/**
 * Not retryable, with the failure as its cause: it ends a run.
 */
function outlasted(last: ModelCallError, maxMs: number): ModelCallError {
  const { modelId, status, hint } = last;
  const what = withoutHint(last).slice(`${modelId}: `.length);
  const again = 'Run the program again to resume once the server is back.';
  return new ModelCallError(modelId, `no usable answer for ${duration(maxMs)}: ${what}`, {
    status,
    retryable: false,
    hint: hint === undefined ? again : `${hint} ${again}`,
    cause: last,
  });
}
