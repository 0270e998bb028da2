import { inFlightLimit } from './in-flight-limit.ts';
import { sentCounts } from './sent-counts.ts';
import { strayTest } from './stray-test.ts';
import { strayTrial } from './stray-trial.ts';

/** Share of the limit at which calls are sent, and the lower one right after a cut. */
const CRUISE = 0.99;
const DIP = 0.9;
/** Share of the limit that is left after a cut if nothing could be measured, and the least that is left in any case. */
const CUT = 0.8;
const MAX_CUT = 0.5;
/** What a round of more that was refused at once can raise the limit to. */
const CREEP = 1.06;
/** Refusals at the limit that are not worth a slower rate. */
const TOLERATED = 0.02;
/** Refusals in a dip that are fewer than this say nothing. */
const MANY = 3;
/** What the first round beyond the limit tries, and the next ones, each beyond the one before. */
const FIRST_GAIN = 1.25;
const NEXT_GAIN = 1.5;
/** A limit that differs by this factor is another one. */
const NEW_LIMIT = 1.5;
/**
 * Time at a limit before more is tried. It doubles each time that the limit turns out to be the same. A longer pause that the server
 * asked for makes trying expensive, so it is tried more rarely.
 */
const FIRST_HOLD_MS = 5_000;
const MAX_HOLD_MS = 30_000;
const HOLD_PER_PAUSE = 40;
const LONGEST_HOLD_MS = 300_000;
/** A hold of 5 s lasts for at least so many calls, and so on, so that refusals stay rare where calls are slow. */
const HOLD_CALLS = 100;
/** A round is long enough to tell whether the server accepts a rate: servers count by the second or longer. */
const ROUND_MS = 1_000;
const ROUND_CALLS = 20;
/** A call may take minutes, so a round does not wait for calls or their answers for longer than this. */
const MAX_ROUND_MS = 10_000;
/** Longer gaps between two clock readings count as this much, so that a stall does not count as time at a rate. */
const MAX_STEP_MS = 10_000;
/** Calls per millisecond. No measurement yields less. */
const FLOOR = 0.2 / 1_000;
/** Shortest and longest pause after a refusal that states none. It doubles while nothing is accepted. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;
/** Calls after a cut of the calls in flight whose overloads are no result of their number. */
const CALM_CALLS = 200;

/** What the pace needs to know about a call. */
export interface SentCall {
  /** Counted from 1, in the order of sending. */
  readonly index: number;
  /** Time of sending on the pacer's clock, in milliseconds. */
  readonly sentAt: number;
}

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

/**
 * `free`: no limit is known. `settle`: below the limit, right after a cut. `dip`: still there, to measure the strays. `cruise`: just below the limit. `probe`: beyond it,
 * to see whether the limit has been raised.
 */
type Phase = 'free' | 'settle' | 'dip' | 'cruise' | 'probe';

/** A pace that knows nothing yet. @param concurrency upper limit of `maxInFlight`. */
export function learnedPace(concurrency: number): LearnedPace {
  const counts = sentCounts();
  const tried = sentCounts();
  const inFlightMax = inFlightLimit(concurrency);
  const refusals = strayTest();
  const overloads = strayTest();
  const trial = strayTrial();
  let phase: Phase = 'free';
  /** Calls per millisecond that the server accepts, as far as known. */
  let limit = Number.POSITIVE_INFINITY;
  /** The limit when calls were last sent at it, and for how long they are before more is tried. */
  let settled = 0;
  let holdMs = FIRST_HOLD_MS;
  let longestHoldMs = MAX_HOLD_MS;
  let heldMs = 0;
  /** Whether a probe has found room. */
  let hasGrown = false;
  /** Time and calls of the current phase while calls were waiting, and whether one of its calls was answered. */
  let round = { from: 0, ms: 0, calls: 0, refused: 0, firstIndex: 0, isHeard: false };
  let lastLook = Number.NEGATIVE_INFINITY;
  let lastIndex = 0;
  let lastInFlight = 0;
  /**
   * The last cut. Refusals of calls sent before it do not count again. `accepted`: calls in the second before, as far as known
   * by now.
   */
  let cut = {
    index: 0,
    at: Number.NEGATIVE_INFINITY,
    accepted: 0,
    isMeasured: false,
    limit,
    phase: 'free' as Phase,
  };
  let overloadCut = Number.NEGATIVE_INFINITY;
  /** The first calls after it. */
  let calm = { calls: 0, overloads: 0 };
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let pauseMs = 0;
  /** Calls accepted since the last pause, and between the two pauses before. All refusals of the latter are known by now. */
  let accepted = { since: Number.NEGATIVE_INFINITY, calls: 0 };
  let acceptedBefore = { since: Number.NEGATIVE_INFINITY, calls: 0 };

  function rate(): number {
    if (phase === 'settle' || phase === 'dip') return DIP * limit;
    if (phase === 'probe') return (hasGrown ? NEXT_GAIN : FIRST_GAIN) * limit;
    return phase === 'cruise' ? CRUISE * limit : limit;
  }

  function enter(next: Phase): void {
    phase = next;
    round = { from: lastLook, ms: 0, calls: 0, refused: 0, firstIndex: lastIndex + 1, isHeard: false };
  }

  function isRoundOver(): boolean {
    if (phase === 'free') return false;
    // Pauses count: they give the server's window the time to pass.
    if (phase === 'settle') return lastLook - round.from >= ROUND_MS && round.isHeard;
    if (phase === 'cruise') return round.ms >= FIRST_HOLD_MS && round.calls >= HOLD_CALLS;
    if (round.ms >= MAX_ROUND_MS) return true;
    return round.ms >= ROUND_MS && round.calls >= ROUND_CALLS && round.isHeard;
  }

  /** Whether calls were sent at the current rate. Otherwise something else held them back, and the rate proves nothing. */
  const isUsed = () => round.calls >= CUT * rate() * round.ms - 1;

  function endRound(): void {
    if (phase === 'settle') enter('dip');
    else if (phase === 'dip') judge();
    else if (phase === 'cruise') {
      heldMs += FIRST_HOLD_MS;
      const share = round.refused / round.calls;
      refusals.atMost(share);
      const excess = share - refusals.noise;
      if (excess > TOLERATED) limit *= 1 - excess;
      if (heldMs < holdMs) {
        enter('cruise');
        return;
      }
      hasGrown = false;
      enter('probe');
    } else {
      if (isUsed()) {
        limit = rate();
        hasGrown = true;
      }
      enter('probe');
    }
  }

  /** The end of a dip: whether calls were refused even there, and why. */
  function judge(): void {
    const { from, calls, refused } = round;
    const ms = lastLook - from;
    const excess = refused / calls - refusals.noise;
    if (excess > TOLERATED && excess * calls >= MANY) {
      const verdict = trial.take({ limit, ms, calls, refused });
      limit = Math.max(FLOOR, verdict.limit);
      if (verdict.isLimited) inFlightMax.cut(lastInFlight, lastLook);
      if (!verdict.areStrays) {
        enter('settle');
        return;
      }
      refusals.set(refused / calls);
    } else refusals.learn(refused, calls);
    trial.restart();
    const isNew = limit > NEW_LIMIT * settled || limit * NEW_LIMIT < settled;
    holdMs = isNew ? FIRST_HOLD_MS : Math.min(longestHoldMs, 2 * holdMs);
    settled = limit;
    heldMs = 0;
    enter('cruise');
  }

  /** @param isMeasured whether the calls accepted in the second before tell the limit. */
  function lower(now: number, inFlight: number, isMeasured: boolean, retryAfterMs: number): void {
    const seen = counts.secondBefore(now);
    const measured = seen / ROUND_MS;
    const isProbe = phase === 'probe' && isUsed();
    cut = { index: lastIndex, at: now, accepted: seen, isMeasured, limit, phase };
    if (phase === 'free') {
      limit = measured;
      inFlightMax.hold(inFlight);
    } else if (isProbe) {
      // A little less than before is what refusals leave of it, so it is no reason to change the limit.
      if (isMeasured && measured > limit) limit = Math.min(measured, CREEP * limit);
      else if (isMeasured && measured < CUT * limit) limit = (limit + measured) / 2;
    } else {
      // Less than before is refused: the number of calls in flight may be the cause.
      if (!isMeasured || measured < CUT * limit) inFlightMax.cut(inFlight, now);
      limit = isMeasured ? Math.max(MAX_CUT * limit, measured) : CUT * limit;
    }
    limit = Math.max(FLOOR, limit);
    longestHoldMs = Math.min(LONGEST_HOLD_MS, MAX_HOLD_MS + HOLD_PER_PAUSE * retryAfterMs);
    trial.restart();
    enter('settle');
  }

  /** Takes the last cut back. */
  function undo(): void {
    limit = cut.limit;
    if (phase === 'settle') enter(cut.phase === 'free' ? 'free' : 'cruise');
  }

  /** A refusal of a call sent before the last cut, which the cut took for accepted. */
  function correct(): void {
    cut.accepted -= 1;
    if (cut.accepted >= 1) {
      if (cut.isMeasured) limit = Math.max(FLOOR, limit - 1 / ROUND_MS);
      return;
    }
    // Nothing was accepted at all, at whatever rate: that says nothing about the rate.
    undo();
  }

  function pause(call: SentCall, now: number, retryAfterMs: number): boolean {
    const ran = call.sentAt - pausedUntil;
    const isAccepting = acceptedBefore.calls > 0 || (accepted.calls > 0 && ran > pauseMs);
    pauseMs = isAccepting ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
    pausedUntil = now + Math.max(pauseMs, retryAfterMs);
    acceptedBefore = accepted;
    accepted = { since: pausedUntil, calls: 0 };
    return isAccepting;
  }

  return {
    get maxInFlight() {
      return inFlightMax.calls;
    },
    get isStarting() {
      return inFlightMax.isStarting;
    },
    get pausedUntil() {
      return pausedUntil;
    },
    get rate() {
      return rate();
    },
    advance(now, waiting) {
      const passed = now - Math.max(lastLook, pausedUntil);
      lastLook = now;
      if (!waiting || !(passed > 0)) return;
      inFlightMax.advance(passed);
      round.ms += Math.min(passed, MAX_STEP_MS);
      if (isRoundOver()) endRound();
    },
    sent({ index, sentAt }) {
      lastIndex = index;
      accepted.calls += 1;
      round.calls += 1;
      counts.add(sentAt);
      tried.add(sentAt);
      refusals.sent();
      overloads.sent();
      if (index <= overloadCut + CALM_CALLS) calm.calls += 1;
    },
    succeeded({ index }, now) {
      if (index >= round.firstIndex) round.isHeard = true;
      inFlightMax.grow(now);
    },
    refused(call, now, inFlight, retryAfterMs = 0) {
      lastInFlight = inFlight;
      counts.refuse(call.sentAt);
      const period = call.sentAt >= accepted.since ? accepted : acceptedBefore;
      if (call.sentAt >= period.since) period.calls -= 1;
      if (call.index <= cut.index) {
        if (cut.accepted >= 1 && call.sentAt > cut.at - ROUND_MS) correct();
        return;
      }
      if (call.index >= round.firstIndex) round.refused += 1;
      if (!refusals.refused(tried.secondBefore(now))) return;
      // A long pause leaves too little of the second to measure, and few calls say little.
      const isFull = pauseMs <= FIRST_PAUSE_MS || now - pausedUntil >= ROUND_MS;
      const isMeasured = isFull && rate() * ROUND_MS >= ROUND_CALLS;
      const isAccepting = pause(call, now, retryAfterMs);
      const isLow = phase === 'settle' || phase === 'dip';
      // Right after a cut, and while nothing is accepted, it is still the same limit that refuses.
      if (isAccepting && !isLow) lower(now, inFlight, isMeasured, retryAfterMs);
      else cut = { ...cut, index: lastIndex, accepted: 0 };
      if (phase === 'dip' && round.calls >= ROUND_CALLS) judge();
      refusals.restart(!isAccepting);
    },
    overloaded({ index }, now, inFlight, retryAfterMs = 0) {
      if (index <= overloadCut) return;
      if (index <= overloadCut + CALM_CALLS) calm.overloads += 1;
      if (!overloads.refused(tried.secondBefore(now))) return;
      overloads.learn(calm.overloads, calm.calls);
      calm = { calls: 0, overloads: 0 };
      overloads.restart(false);
      overloadCut = lastIndex;
      inFlightMax.cut(inFlight, now);
      pausedUntil = Math.max(pausedUntil, now + retryAfterMs);
    },
    restart: () => inFlightMax.restart(),
    setConcurrency: (next) => inFlightMax.setMax(next),
  };
}
