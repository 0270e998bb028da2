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

/** Shortest and longest pause after a refusal that names none; doubles while refusals come sooner than it was long. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;
/** An episode lasts at least this long: servers count by the second at the shortest. */
const MIN_EPISODE_MS = 1_000;
/** How long a failure of the server itself stops all growth. */
const HOLD_MS = 5_000;
/** Fewer calls a second are too few to measure a rate by. */
const MEASURABLE = 20;

/** A call, as far as the pace depends on it. */
export interface SentCall {
  /** Counts up from 1, in the order of sending. */
  readonly index: number;
  readonly sentAt: number;
}

/**
 * What a model takes, learned from what it refuses. A refusal (429) cuts the rate to 0.8 of what was accepted in the
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
  /** A 429. @param inFlight the calls that are still in flight besides it. */
  refused(call: SentCall, now: number, inFlight: number): void;
  /** No answer, or a 5xx. */
  troubled(call: SentCall, now: number): void;
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
  let heldUntil = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let pauseMs = FIRST_PAUSE_MS;
  let lastIndex = 0;
  let episode = { lastIndex: 0, open: 0, until: Number.NEGATIVE_INFINITY };

  const starting = () => target === Number.POSITIVE_INFINITY && maxInFlight < mostInFlight;

  function close(call: SentCall): void {
    if (call.index <= episode.lastIndex && episode.open > 0) episode.open -= 1;
  }

  function cut(call: SentCall, inFlight: number): void {
    const accepted = counts.secondBefore(call.sentAt) / 1_000;
    const known = target / MARGIN;
    if (target === Number.POSITIVE_INFINITY) {
      target = MARGIN * Math.max(accepted, 1 / 1_000);
      maxInFlight = mostInFlight;
    } else if (known * 1_000 < MEASURABLE) {
      target = rateAt(grownMs) * Math.sqrt(CUT);
    } else if (accepted >= CUT * known) {
      target = MARGIN * accepted;
    } else {
      target *= CUT;
      maxInFlight = Math.max(1, Math.min(maxInFlight, inFlight) * CUT);
    }
    grownMs = 0;
  }

  function rateAt(ms: number): number {
    const distance =
      ms < RECOVERY_MS
        ? -(1 - CUT) * ((RECOVERY_MS - ms) / RECOVERY_MS) ** 3
        : PROBE_GROWTH * ((ms - RECOVERY_MS) / PROBE_MS) ** 3;
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
      const passed = now - Math.max(lastLook, pausedUntil, heldUntil);
      lastLook = now;
      if (!waiting || !(passed > 0)) return;
      if (starting()) {
        const doublings = Math.min(passed, MAX_START_STEP_MS) / DOUBLING_MS;
        maxInFlight = Math.min(mostInFlight, maxInFlight * 2 ** doublings);
      } else grownMs += Math.min(passed, MAX_STEP_MS);
    },
    sent({ index, sentAt }) {
      lastIndex = index;
      counts.add(sentAt);
    },
    succeeded(call) {
      close(call);
      if (target < Number.POSITIVE_INFINITY && maxInFlight < mostInFlight) {
        maxInFlight = Math.min(mostInFlight, maxInFlight + Math.max(1 / maxInFlight, 0.02));
      }
    },
    refused(call, now, inFlight) {
      close(call);
      counts.refuse(call.sentAt);
      if (episode.open === 0 && now >= episode.until) {
        cut(call, inFlight);
        episode = { lastIndex, open: inFlight, until: now + MIN_EPISODE_MS };
      }
      const ran = call.sentAt - pausedUntil;
      if (ran < 0) return;
      pauseMs = ran > pauseMs ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, pauseMs * 2);
      pausedUntil = now + pauseMs;
    },
    troubled(call, now) {
      close(call);
      counts.refuse(call.sentAt);
      heldUntil = now + HOLD_MS;
    },
    ended: close,
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
  };
}
