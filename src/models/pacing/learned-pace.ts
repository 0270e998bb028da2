import { sentCounts } from './sent-counts.ts';

/** Calls in flight at the start, before anything is known about the server. */
const FIRST_IN_FLIGHT = 20;
/** Until the first refusal, the maximum number of calls in flight doubles in this time. */
const DOUBLING_MS = 100;
/** Longer gaps between two clock readings count as this much, so that a stall is not followed by a burst. */
const MAX_START_STEP_MS = 20;
const MAX_STEP_MS = 10_000;

/** Factor on the rate after a refusal, applied once per episode. */
const CUT = 0.8;
/** The rate recovers to this share of the accepted rate, within `RECOVERY_MS`. */
const MARGIN = 0.98;
const RECOVERY_MS = 4_000;
/** Then the rate grows with the cube of time, by `PROBE_GROWTH` in this time: slowly at first, then ever faster. */
const PROBE_MS = 120_000;
const PROBE_GROWTH = 0.2;
/** The same after the first refusal, if it came before a full second was measured. */
const FIRST_PROBE_MS = 5_000;
/** If the server states its pauses, a failed probe is expensive, so a shorter measurement is trusted. */
const TRUSTED_MS = 300;

/** Shortest and longest pause after a refusal that states none. It doubles while nothing is accepted. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;
/**
 * An episode lasts until the calls in flight at its first refusal have ended. The minimum exists because servers count
 * per second or longer, the maximum because a single call may take minutes.
 */
const MIN_EPISODE_MS = 1_500;
const MAX_EPISODE_MS = 10_000;
/** Growth stops while more than this share of about the last 20 calls failed because of the server. */
const TROUBLED = 0.1;
const MEMORY = 1 / 20;
/**
 * An occasional refusal says nothing about the rate. It may come from one bad upstream of a gateway, or from another
 * client of the same key. Refusals count as a limit only above this share of recent calls, or after this many in a row.
 * Near a real limit, the growing rate soon exceeds the share.
 */
const STRAY = 0.05;
const STRAY_MEMORY = 1 / 200;
const STRAY_IN_A_ROW = 3;
/** Calls per millisecond. Below this, one second is too short to measure the rate. */
const MEASURABLE = 20 / 1_000;
/** Calls per millisecond. No measurement yields less. */
const SLOWEST = 1 / 1_000;

/** What the pace needs to know about a call. */
export interface SentCall {
  /** Counted from 1, in the order of sending. */
  readonly index: number;
  /** Time of sending on the pacer's clock, in milliseconds. */
  readonly sentAt: number;
}

/**
 * Learns how fast a server can be called from the calls it refuses (429). Rare refusals that state no pause count as
 * strays and change nothing. Any other refusal cuts the rate to 0.8 of the rate accepted in the second before, once per
 * episode. The rate then recovers to just below the accepted rate and slowly probes beyond it, like CUBIC (RFC 9438). If
 * a rate is refused that was accepted before, the calls in flight are the likely cause: their maximum is cut to 0.8 and
 * then grows by at least one per round trip.
 */
export interface LearnedPace {
  /** Current maximum number of calls in flight. */
  readonly maxInFlight: number;
  /** No call may be sent before this time. */
  readonly pausedUntil: number;
  /** Calls per millisecond; infinite until the first refusal. */
  rate(): number;
  /** Whether `maxInFlight` is in its initial growth. */
  isStarting(): boolean;
  /** Updates the time. Rates grow only while calls are waiting, since an unused rate proves nothing. */
  advance(now: number, waiting: boolean): void;
  sent(call: SentCall): void;
  succeeded(call: SentCall): void;
  /** A 429: a stray or a limit. @param inFlight number of other calls still in flight. */
  refused(call: SentCall, now: number, inFlight: number, retryAfterMs: number | undefined): void;
  /** No response, or a 5xx. */
  troubled(call: SentCall): void;
  /** Any other end, which says nothing about the pace. */
  ended(call: SentCall): void;
  pauseUntil(time: number): void;
  /** Changes the upper limit of `maxInFlight`. */
  setConcurrency(concurrency: number): void;
}

/** A pace that knows nothing yet. @param most upper limit of `maxInFlight`. */
export function learnedPace(most: number): LearnedPace {
  let concurrency = most;
  const counts = sentCounts();
  let maxInFlight = Math.min(FIRST_IN_FLIGHT, concurrency);
  /** Calls per millisecond to which the rate recovers. */
  let target = Number.POSITIVE_INFINITY;
  let grownMs = 0;
  let lastLook = Number.NEGATIVE_INFINITY;
  let firstSentAt = Number.NaN;
  let probeMs = PROBE_MS;
  let trouble = 0;
  let refusedShare = 0;
  let refusedInARow = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let pauseMs = FIRST_PAUSE_MS;
  /** Calls accepted since the last pause, and between the two pauses before. All refusals of the latter are known by now. */
  let accepted = { since: Number.NEGATIVE_INFINITY, calls: 0 };
  let acceptedBefore = { since: Number.NEGATIVE_INFINITY, calls: 1 };
  let lastIndex = 0;
  /** `open`: calls still in flight of those that were in flight at its first refusal. */
  let episode = { lastIndex: 0, open: 0, start: Number.NEGATIVE_INFINITY, measuredAt: Number.NaN };

  const starting = () => target === Number.POSITIVE_INFINITY && maxInFlight < concurrency;

  function close(call: SentCall): void {
    if (call.index <= episode.lastIndex && episode.open > 0) episode.open -= 1;
  }

  /** Lowers the rate or the calls in flight. Returns whether the new rate derives from the measured second. */
  function cut(now: number, inFlight: number, retryAfterMs: number | undefined): boolean {
    const measured = counts.secondBefore(now) / 1_000;
    const known = target / MARGIN;
    const wasKnown = target < Number.POSITIVE_INFINITY;
    const current = rateAt(grownMs);
    grownMs = 0;
    probeMs = PROBE_MS;
    if (!wasKnown) {
      const measuredMs = now - firstSentAt;
      if (measuredMs < (retryAfterMs === undefined ? 1_000 : TRUSTED_MS)) probeMs = FIRST_PROBE_MS;
      maxInFlight = concurrency;
    } else if (known < MEASURABLE) {
      target = current * Math.sqrt(CUT);
      return false;
    } else if (measured < CUT * known) {
      target *= CUT;
      maxInFlight = Math.max(1, Math.min(maxInFlight, inFlight) * CUT);
      return false;
    }
    target = MARGIN * Math.max(measured, SLOWEST);
    return true;
  }

  function rateAt(ms: number): number {
    const distance =
      ms < RECOVERY_MS
        ? -(1 - CUT) * ((RECOVERY_MS - ms) / RECOVERY_MS) ** 3
        : PROBE_GROWTH * ((ms - RECOVERY_MS) / probeMs) ** 3;
    return target * (1 + distance);
  }

  return {
    get maxInFlight() {
      return Math.floor(maxInFlight);
    },
    get pausedUntil() {
      return pausedUntil;
    },
    rate: () => rateAt(grownMs),
    isStarting: starting,
    advance(now, waiting) {
      const passed = now - Math.max(lastLook, pausedUntil);
      lastLook = now;
      if (!waiting || trouble > TROUBLED || !(passed > 0)) return;
      if (starting()) {
        const doublings = Math.min(passed, MAX_START_STEP_MS) / DOUBLING_MS;
        maxInFlight = Math.min(concurrency, maxInFlight * 2 ** doublings);
      } else grownMs += Math.min(passed, MAX_STEP_MS);
    },
    sent({ index, sentAt }) {
      if (index === 1) firstSentAt = sentAt;
      lastIndex = index;
      accepted.calls += 1;
      counts.add(sentAt);
    },
    succeeded(call) {
      close(call);
      trouble *= 1 - MEMORY;
      refusedShare *= 1 - STRAY_MEMORY;
      refusedInARow = 0;
      if (target < Number.POSITIVE_INFINITY && maxInFlight < concurrency) {
        maxInFlight = Math.min(concurrency, maxInFlight + Math.max(1 / maxInFlight, 0.02));
      }
    },
    refused(call, now, inFlight, retryAfterMs) {
      close(call);
      counts.refuse(call.sentAt);
      const period = call.sentAt >= accepted.since ? accepted : acceptedBefore;
      if (call.sentAt >= period.since) period.calls -= 1;
      refusedShare += (1 - refusedShare) * STRAY_MEMORY;
      refusedInARow += 1;
      const isStray = refusedShare < STRAY && refusedInARow < STRAY_IN_A_ROW;
      if (isStray && retryAfterMs === undefined) return;
      if (now - episode.start >= (episode.open === 0 ? MIN_EPISODE_MS : MAX_EPISODE_MS)) {
        const measuredAt = cut(now, inFlight, retryAfterMs) ? now : Number.NaN;
        episode = { lastIndex, open: inFlight, start: now, measuredAt };
      } else if (call.sentAt <= episode.measuredAt && call.sentAt > episode.measuredAt - 1_000) {
        // The measurement counted this call as accepted, since its refusal had not arrived yet.
        target = Math.max(MARGIN * SLOWEST, target - MARGIN / 1_000);
      }
      if (call.sentAt < pausedUntil) return;
      const ran = call.sentAt - pausedUntil;
      const isAccepting = acceptedBefore.calls > 0 || (accepted.calls > 0 && ran > pauseMs);
      pauseMs = isAccepting ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, pauseMs * 2);
      pausedUntil = now + pauseMs;
      acceptedBefore = accepted;
      accepted = { since: pausedUntil, calls: 0 };
    },
    troubled(call) {
      close(call);
      trouble += (1 - trouble) * MEMORY;
    },
    ended: close,
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
    setConcurrency(changed) {
      // A pace that was limited by nothing but the old value is not limited by it any more.
      if (target < Number.POSITIVE_INFINITY && maxInFlight >= concurrency) maxInFlight = changed;
      concurrency = changed;
      maxInFlight = Math.min(maxInFlight, concurrency);
    },
  };
}
