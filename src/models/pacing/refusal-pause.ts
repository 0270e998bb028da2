import { SECOND_MS } from './sent-counts.ts';

/** Shortest and longest pause after a refusal that states none. It doubles while nothing is accepted. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;

/** The pause of all calls after refusals. */
export interface RefusalPause {
  /** No call may be sent before this time. */
  readonly until: number;
  /** A call is sent, which may be accepted. */
  sent(): void;
  /** A call sent at this time was refused. */
  refused(sentAt: number): void;
  /**
   * Pauses all calls.
   *
   * @param sentAt when the call was sent whose refusal is the reason.
   * @param askedMs pause that the server asks for.
   * @returns whether the server still accepts calls.
   */
  begin(sentAt: number, now: number, askedMs: number): boolean;
  /** No call before this time. */
  extend(until: number): void;
  /** Whether the pause has left enough of the second before to measure what was accepted in it. */
  leavesSecond(now: number): boolean;
}

/** No pause yet. */
export function refusalPause(): RefusalPause {
  let until = Number.NEGATIVE_INFINITY;
  let pauseMs = 0;
  /** Calls accepted since the last pause, and between the two pauses before. All refusals of the latter are known by now. */
  let accepted = { since: Number.NEGATIVE_INFINITY, calls: 0 };
  let acceptedBefore = { since: Number.NEGATIVE_INFINITY, calls: 0 };
  return {
    get until() {
      return until;
    },
    sent() {
      accepted.calls += 1;
    },
    refused(sentAt) {
      const period = sentAt >= accepted.since ? accepted : acceptedBefore;
      if (sentAt >= period.since) period.calls -= 1;
    },
    begin(sentAt, now, askedMs) {
      const isAccepting = acceptedBefore.calls > 0 || (accepted.calls > 0 && sentAt - until > pauseMs);
      pauseMs = isAccepting ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
      until = now + Math.max(pauseMs, askedMs);
      acceptedBefore = accepted;
      accepted = { since: until, calls: 0 };
      return isAccepting;
    },
    extend(next) {
      until = Math.max(until, next);
    },
    leavesSecond: (now) => pauseMs <= FIRST_PAUSE_MS || now - until >= SECOND_MS,
  };
}
