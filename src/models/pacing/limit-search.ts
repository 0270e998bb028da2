import type { InFlightLimit } from './in-flight-limit.ts';
import { limitHold } from './limit-hold.ts';
import { isFarBelow, limitAfterCut, limitAfterProbe } from './lowered-limit.ts';
import { type Phase, RATE } from './phase.ts';
import { ROUND_CALLS, type Round, round } from './round.ts';
import type { SentCall } from './sent-call.ts';
import { SECOND_MS } from './sent-counts.ts';
import { strayShare } from './stray-share.ts';
import type { StrayTest } from './stray-test.ts';

/** Calls per millisecond. No measurement yields less. */
const FLOOR = 0.2 / 1_000;

/** What is known when refusals are too many for strays. */
export interface Congestion {
  readonly now: number;
  /** Calls that the server holds. */
  readonly inFlight: number;
  /** Calls accepted in the second before, as far as known by now. */
  readonly accepted: number;
  /** Whether these tell the limit. */
  readonly isMeasured: boolean;
  /** Pause that the server asks for, in milliseconds. */
  readonly askedMs: number;
}

/** Looks for the rate that a server accepts: below a limit, at it, and now and then beyond it. */
export interface LimitSearch {
  /** Calls per millisecond; infinite while no limit is known. */
  readonly rate: number;
  /** Whether calls are sent below the limit, right after a cut. */
  readonly isLow: boolean;
  /** @param waitedMs time since the last look in which calls were waiting and could be sent. */
  advance(now: number, waitedMs: number): void;
  sent(index: number): void;
  succeeded(index: number): void;
  /** @returns whether it is news: the refusal of a call sent before the last cut only corrects that one. */
  refused(call: SentCall, inFlight: number): boolean;
  /** Refusals are too many: there is a limit. */
  lower(congestion: Congestion): void;
  /** It is still the same limit that refuses. */
  stay(): void;
}

/** A search that knows no limit. @param refusals is told the share of strays. @param inFlightMax is cut where the rate is not the cause. */
export function limitSearch(refusals: StrayTest, inFlightMax: InFlightLimit): LimitSearch {
  const strays = strayShare(refusals);
  const hold = limitHold();
  let phase: Phase = 'free';
  /** Calls per millisecond that the server accepts, as far as known. */
  let limit = Number.POSITIVE_INFINITY;
  let current: Round = round(0, 0);
  let lastLook = Number.NEGATIVE_INFINITY;
  let lastIndex = 0;
  let lastInFlight = 0;
  /** The last cut. Refusals of calls sent before it do not count again. */
  let cut = { index: 0, at: 0, accepted: 0, isMeasured: false, limit, phase: phase as Phase };

  const rate = () => RATE[phase] * limit;

  function enter(next: Phase): void {
    phase = next;
    current = round(lastLook, lastIndex + 1);
  }

  function setLimit(next: number): void {
    limit = Math.max(FLOOR, next);
  }

  /** Goes on to the next phase if the round is over. */
  function proceed(): void {
    if (phase === 'settle' && current.isSettled(lastLook)) enter('dip');
    else if (phase === 'dip' && current.isOver()) judge();
    else if (phase === 'cruise' && hold.isRoundOver(current)) {
      setLimit(strays.at({ ...current, limit }));
      enter(hold.endRound() ? 'probe' : 'cruise');
    } else if ((phase === 'probe' || phase === 'climb') && current.isOver()) {
      if (current.isUsed(rate())) {
        setLimit(rate());
        enter('climb');
      } else enter(phase);
    }
  }

  function judge(): void {
    const { calls, refused } = current;
    const verdict = strays.below({ limit, calls, refused, ms: lastLook - current.from });
    setLimit(verdict.limit);
    if (verdict.isLimited) inFlightMax.cut(lastInFlight, lastLook);
    if (verdict.isFinal) hold.begin(limit);
    enter(verdict.isFinal ? 'cruise' : 'settle');
  }

  /** A refusal of a call that the last cut took for accepted. */
  function correct(): void {
    cut.accepted -= 1;
    if (cut.accepted >= 1) {
      if (cut.isMeasured) setLimit(limit - 1 / SECOND_MS);
      return;
    }
    // Nothing was accepted at all, at whatever rate: that says nothing about the rate.
    limit = cut.limit;
    if (phase === 'settle') enter(cut.phase === 'free' ? 'free' : 'cruise');
  }

  return {
    get rate() {
      return rate();
    },
    get isLow() {
      return phase === 'settle' || phase === 'dip';
    },
    advance(now, waitedMs) {
      lastLook = now;
      if (waitedMs <= 0) return;
      current.pass(waitedMs);
      proceed();
    },
    sent(index) {
      lastIndex = index;
      current.sent();
    },
    succeeded: (index) => current.succeeded(index),
    refused({ index, sentAt }, inFlight) {
      lastInFlight = inFlight;
      if (index > cut.index) {
        current.refuse(index);
        return true;
      }
      if (cut.accepted >= 1 && sentAt > cut.at - SECOND_MS) correct();
      return false;
    },
    lower({ now, inFlight, accepted, isMeasured, askedMs }) {
      const perMs = accepted / SECOND_MS;
      const measured = isMeasured ? perMs : undefined;
      cut = { index: lastIndex, at: now, accepted, isMeasured, limit, phase };
      if (phase === 'free') {
        setLimit(perMs);
        inFlightMax.hold(inFlight);
      } else if (phase !== 'cruise' && current.isUsed(rate())) setLimit(limitAfterProbe(limit, measured));
      else {
        // Less than before is refused: the number of calls in flight may be the cause.
        if (measured === undefined || isFarBelow(limit, measured)) inFlightMax.cut(inFlight, now);
        setLimit(limitAfterCut(limit, measured));
      }
      hold.paused(askedMs);
      strays.restart();
      enter('settle');
    },
    stay() {
      cut = { ...cut, index: lastIndex, accepted: 0 };
      if (phase === 'dip' && current.calls >= ROUND_CALLS) judge();
    },
  };
}
