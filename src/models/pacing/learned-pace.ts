import { sentCounts } from './sent-counts.ts';

/** Calls in flight before a model has shown what it takes. */
const FIRST_IN_FLIGHT = 20;
/** While nothing was refused, the calls in flight may double in this time. */
const DOUBLING_MS = 100;
/** A longer gap between two looks at the clock counts as this much: a stall must not end in a burst. */
const MAX_START_STEP_MS = 20;
const MAX_STEP_MS = 10_000;

/** What is left of the rate after a refusal, once an episode. */
const CUT = 0.8;
/** The share of the rate that was accepted to which it comes back, and how long that takes. */
const MARGIN = 0.98;
const RECOVERY_MS = 4_000;
/** After that the rate grows with the cube of time, by `PROBE_GROWTH` in this long: flat at first, then ever faster. */
const PROBE_MS = 120_000;
const PROBE_GROWTH = 0.2;
/** The same after the first refusal, where it came too soon for a full second to have been measured. */
const FIRST_PROBE_MS = 5_000;
/** A server that names its pauses makes a wrong probe dear: there the measure is trusted earlier. */
const TRUSTED_MS = 300;

/** Shortest and longest pause after a refusal that names none; doubles while nothing at all is accepted. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;
/**
 * An episode lasts until the calls in flight at its first refusal have ended; at least this long, as servers count by
 * the second at the shortest; and not for ever, as one answer may take minutes.
 */
const MIN_EPISODE_MS = 1_500;
const MAX_EPISODE_MS = 10_000;
/** Growth stops while failures of the server itself are above this share of the last twenty calls or so. */
const TROUBLED = 0.1;
const MEMORY = 1 / 20;
/**
 * A refusal now and then says nothing about the rate: a gateway with one bad upstream, another client of the same key.
 * It counts as a limit only above this share of recent calls, or after this many in a row. Near a real limit the share
 * passes it within moments, as the rate grows on.
 */
const STRAY = 0.05;
const STRAY_MEMORY = 1 / 200;
const STRAY_IN_A_ROW = 3;
/** Calls per millisecond: fewer are too few to measure a rate by within a second; the least a measure can say. */
const MEASURABLE = 20 / 1_000;
const SLOWEST = 1 / 1_000;

/** A call, as far as the pace depends on it. */
export interface SentCall {
  /** Counts up from 1, in the order of sending. */
  readonly index: number;
  readonly sentAt: number;
}

/**
 * What a model takes, learned from what it refuses. Rare refusals (429) that name no pause are taken for strays and
 * change nothing. Any other cuts the rate to 0.8 of what was accepted in the
 * second before it, once an episode; the rate then comes back to just below that and probes beyond it slowly, in the
 * manner of CUBIC (RFC 9438). A refusal at a rate that was fine before is put down to the calls in flight: their
 * number is cut to 0.8 and grows by at least one a round trip.
 */
export interface LearnedPace {
  /** Calls in flight at most. */
  readonly maxInFlight: number;
  /** Nothing is sent before. */
  readonly pausedUntil: number;
  /** Calls per millisecond; infinite until the first refusal. */
  rate(): number;
  /** Whether the bound of calls in flight goes up by itself soon. */
  isStarting(): boolean;
  /** Time passed. Growth counts only the time in which calls waited: an unused rate proves nothing. */
  advance(now: number, waiting: boolean): void;
  sent(call: SentCall): void;
  succeeded(call: SentCall): void;
  /** A 429: a stray, or a limit. @param inFlight the calls that are still in flight besides it. */
  refused(call: SentCall, now: number, inFlight: number, retryAfterMs: number | undefined): void;
  /** No answer, or a 5xx. */
  troubled(call: SentCall): void;
  /** Anything else: it says nothing about the pace. */
  ended(call: SentCall): void;
  pauseUntil(time: number): void;
}

export function learnedPace(mostInFlight: number): LearnedPace {
  const counts = sentCounts();
  let maxInFlight = Math.min(FIRST_IN_FLIGHT, mostInFlight);
  /** Calls per millisecond the rate comes back to. */
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
  /** Calls accepted since the last pause, and between the two before it: of these all refusals have come by now. */
  let taken = { since: Number.NEGATIVE_INFINITY, calls: 0 };
  let takenBefore = { since: Number.NEGATIVE_INFINITY, calls: 1 };
  let lastIndex = 0;
  /** `open`: calls that were in flight at its first refusal and still are. */
  let episode = { lastIndex: 0, open: 0, start: Number.NEGATIVE_INFINITY, measuredAt: Number.NaN };

  const starting = () => target === Number.POSITIVE_INFINITY && maxInFlight < mostInFlight;

  function close(call: SentCall): void {
    if (call.index <= episode.lastIndex && episode.open > 0) episode.open -= 1;
  }

  /** Lowers rate or calls in flight, and says whether the rate now follows from the measured second. */
  function cut(now: number, inFlight: number, retryAfterMs: number | undefined): boolean {
    const accepted = counts.secondBefore(now) / 1_000;
    const known = target / MARGIN;
    const wasKnown = target < Number.POSITIVE_INFINITY;
    const current = rateAt(grownMs);
    grownMs = 0;
    probeMs = PROBE_MS;
    if (!wasKnown) {
      const measuredMs = now - firstSentAt;
      if (measuredMs < (retryAfterMs === undefined ? 1_000 : TRUSTED_MS)) probeMs = FIRST_PROBE_MS;
      maxInFlight = mostInFlight;
    } else if (known < MEASURABLE) {
      target = current * Math.sqrt(CUT);
      return false;
    } else if (accepted < CUT * known) {
      target *= CUT;
      maxInFlight = Math.max(1, Math.min(maxInFlight, inFlight) * CUT);
      return false;
    }
    target = MARGIN * Math.max(accepted, SLOWEST);
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
        maxInFlight = Math.min(mostInFlight, maxInFlight * 2 ** doublings);
      } else grownMs += Math.min(passed, MAX_STEP_MS);
    },
    sent({ index, sentAt }) {
      if (index === 1) firstSentAt = sentAt;
      lastIndex = index;
      taken.calls += 1;
      counts.add(sentAt);
    },
    succeeded(call) {
      close(call);
      trouble *= 1 - MEMORY;
      refusedShare *= 1 - STRAY_MEMORY;
      refusedInARow = 0;
      if (target < Number.POSITIVE_INFINITY && maxInFlight < mostInFlight) {
        maxInFlight = Math.min(mostInFlight, maxInFlight + Math.max(1 / maxInFlight, 0.02));
      }
    },
    refused(call, now, inFlight, retryAfterMs) {
      close(call);
      counts.refuse(call.sentAt);
      const period = call.sentAt >= taken.since ? taken : takenBefore;
      if (call.sentAt >= period.since) period.calls -= 1;
      refusedShare += (1 - refusedShare) * STRAY_MEMORY;
      refusedInARow += 1;
      const isStray = refusedShare < STRAY && refusedInARow < STRAY_IN_A_ROW;
      if (isStray && retryAfterMs === undefined) return;
      if (now - episode.start >= (episode.open === 0 ? MIN_EPISODE_MS : MAX_EPISODE_MS)) {
        const measuredAt = cut(now, inFlight, retryAfterMs) ? now : Number.NaN;
        episode = { lastIndex, open: inFlight, start: now, measuredAt };
      } else if (call.sentAt <= episode.measuredAt && call.sentAt > episode.measuredAt - 1_000) {
        // It was counted as accepted because its refusal was still on the way.
        target = Math.max(MARGIN * SLOWEST, target - MARGIN / 1_000);
      }
      if (call.sentAt < pausedUntil) return;
      const ran = call.sentAt - pausedUntil;
      const isTaking = takenBefore.calls > 0 || (taken.calls > 0 && ran > pauseMs);
      pauseMs = isTaking ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, pauseMs * 2);
      pausedUntil = now + pauseMs;
      takenBefore = taken;
      taken = { since: pausedUntil, calls: 0 };
    },
    troubled(call) {
      close(call);
      trouble += (1 - trouble) * MEMORY;
    },
    ended: close,
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
  };
}
