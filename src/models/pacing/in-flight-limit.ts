/** Calls in flight at the start, and after an outage, before anything is known about the server. */
const FIRST = 20;
const FIRST_AFTER_OUTAGE = 4;
/** It doubles in this time until it is full or a limit shows. */
const DOUBLING_MS = 100;
/** Longer gaps between two clock readings count as this much, so that a stall is not followed by a burst. */
const MAX_STEP_MS = 20;
/** Factor when the calls in flight are too many. */
const CUT = 0.9;
/** Then it stays for so long, and grows with each answer: by one call per round trip, or by 2 % if that is more. */
const HOLD_MS = 10_000;
const MIN_GROWTH = 0.02;

/** How many calls may be in flight. */
export interface InFlightLimit {
  readonly calls: number;
  /** Whether it is in its initial growth. */
  readonly isStarting: boolean;
  /** Initial growth. */
  advance(passedMs: number): void;
  /** A call was answered: room for more. */
  grow(now: number): void;
  /** Ends the initial growth at the calls that the server holds. */
  hold(inFlight: number): void;
  /** Too many. @param inFlight calls that the server holds. */
  cut(inFlight: number, now: number): void;
  /** Starts again from a few calls. */
  restart(): void;
  setMax(calls: number): void;
}

/** @param concurrency upper limit, which the user sets. */
export function inFlightLimit(concurrency: number): InFlightLimit {
  let max = concurrency;
  let calls = Math.min(FIRST, max);
  let isStarting = true;
  let holdUntil = Number.NEGATIVE_INFINITY;
  return {
    get calls() {
      return Math.floor(calls);
    },
    get isStarting() {
      return isStarting && calls < max;
    },
    advance(passedMs) {
      if (isStarting) calls = Math.min(max, calls * 2 ** (Math.min(passedMs, MAX_STEP_MS) / DOUBLING_MS));
    },
    grow(now) {
      if (!isStarting && now >= holdUntil) calls = Math.min(max, calls + Math.max(1 / calls, MIN_GROWTH));
    },
    hold(inFlight) {
      isStarting = false;
      calls = Math.max(1, Math.min(calls, inFlight));
    },
    cut(inFlight, now) {
      isStarting = false;
      holdUntil = now + HOLD_MS;
      calls = Math.max(1, CUT * Math.min(calls, inFlight));
    },
    restart() {
      isStarting = true;
      calls = Math.min(FIRST_AFTER_OUTAGE, max);
    },
    setMax(next) {
      // No limit below is known: new room is tried like that at the start.
      if (calls >= max) isStarting = true;
      max = next;
      calls = Math.min(calls, max);
    },
  };
}
