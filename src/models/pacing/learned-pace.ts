import { inFlightLimit } from './in-flight-limit.ts';
import { limitSearch } from './limit-search.ts';
import { overloadTest } from './overload-test.ts';
import { refusalPause } from './refusal-pause.ts';
import { ROUND_CALLS } from './round.ts';
import type { SentCall } from './sent-call.ts';
import { SECOND_MS, sentCounts } from './sent-counts.ts';
import { strayTest } from './stray-test.ts';

/** Learns how fast a server can be called from the calls it refuses (429). docs/pacing.md explains how. */
export interface LearnedPace {
  /** Current maximum number of calls in flight. */
  readonly maxInFlight: number;
  /** Whether `maxInFlight` is in its initial growth. */
  readonly isStarting: boolean;
  /** No call may be sent before this time. */
  readonly pausedUntil: number;
  /** Calls per millisecond; infinite while no limit is known. */
  readonly rate: number;
  /** Updates the time. Rates grow only while calls are waiting, since an unused rate proves nothing. */
  advance(now: number, waiting: boolean): void;
  sent(call: SentCall): void;
  succeeded(call: SentCall, now: number): void;
  /** A 429: a stray or a limit. @param inFlight number of other calls still in flight. */
  refused(call: SentCall, now: number, inFlight: number, retryAfterMs: number | undefined): void;
  /** The server is overloaded: no response in time, or 502, 503, 504, 529. */
  overloaded(call: SentCall, now: number, inFlight: number, retryAfterMs: number | undefined): void;
  /** After an outage: starts again with a few calls in flight. */
  restart(): void;
  setConcurrency(concurrency: number): void;
}

/** A pace that knows nothing yet. @param concurrency upper limit of `maxInFlight`. */
export function learnedPace(concurrency: number): LearnedPace {
  const accepted = sentCounts();
  const tried = sentCounts();
  const inFlightMax = inFlightLimit(concurrency);
  const refusals = strayTest();
  const overloads = overloadTest();
  const pause = refusalPause();
  const search = limitSearch(refusals, inFlightMax);
  let lastLook = Number.NEGATIVE_INFINITY;

  return {
    get maxInFlight() {
      return inFlightMax.calls;
    },
    get isStarting() {
      return inFlightMax.isStarting;
    },
    get pausedUntil() {
      return pause.until;
    },
    get rate() {
      return search.rate;
    },
    advance(now, waiting) {
      const passed = waiting ? Math.max(0, now - Math.max(lastLook, pause.until)) : 0;
      lastLook = now;
      inFlightMax.advance(passed);
      search.advance(now, passed);
    },
    sent({ index, sentAt }) {
      accepted.add(sentAt);
      tried.add(sentAt);
      pause.sent();
      refusals.sent();
      overloads.sent(index);
      search.sent(index);
    },
    succeeded({ index, sentAt }, now) {
      pause.succeeded(sentAt);
      search.succeeded(index);
      inFlightMax.grow(now);
    },
    refused(call, now, inFlight, askedMs = 0) {
      accepted.refuse(call.sentAt);
      pause.refused(call.sentAt);
      if (!search.refused(call, inFlight)) return;
      const areMany = refusals.refused(tried.secondBefore(now));
      if (!areMany && !pause.isSilent(call.sentAt)) return;
      const isMeasured = pause.leavesSecond(now) && search.rate * SECOND_MS >= ROUND_CALLS;
      const isAccepting = pause.begin(call.sentAt, now, askedMs);
      // Right after a cut, and while nothing is accepted, it is still the same limit that refuses.
      if (isAccepting && !search.isLow)
        search.lower({ now, inFlight, accepted: accepted.secondBefore(now), isMeasured, askedMs });
      else search.stay();
      refusals.restart();
    },
    overloaded({ index }, now, inFlight, askedMs = 0) {
      if (!overloads.overloaded(index, tried.secondBefore(now))) return;
      inFlightMax.cut(inFlight, now);
      pause.extend(now + askedMs);
    },
    restart: () => inFlightMax.restart(),
    setConcurrency: (next) => inFlightMax.setMax(next),
  };
}
