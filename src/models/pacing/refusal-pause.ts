import { SECOND_MS } from './sent-counts.ts';

/** Shortest and longest pause after a refusal that states none. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;
/**
 * While nothing is accepted, it grows by this factor: slowly within a second, over which many servers count, and faster after
 * that, since the next usual time is a minute and each try is refused.
 */
const GROWTH = 2;
const GROWTH_AFTER_SECOND = 4;

/** The pause of all calls after refusals. */
export interface RefusalPause {
  /** No call may be sent before this time. */
  readonly until: number;
  /**
   * Whether a call sent at this time, after the last pause, is refused like all others since: none is known to be accepted. Then
   * one refusal is reason enough for the next pause.
   */
  isSilent(sentAt: number): boolean;
  /** A call is sent, which may be accepted. */
  sent(): void;
  /** A call sent at this time was accepted. */
  succeeded(sentAt: number): void;
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
  let isSilent = false;
  /** Calls accepted since the last pause, and between the two pauses before. All refusals of the latter are known by now. */
  let accepted = { since: Number.NEGATIVE_INFINITY, calls: 0 };
  let acceptedBefore = { since: Number.NEGATIVE_INFINITY, calls: 0 };
  return {
    get until() {
      return until;
    },
    isSilent: (sentAt) => isSilent && sentAt >= until,
    sent() {
      accepted.calls += 1;
    },
    succeeded(sentAt) {
      if (sentAt >= until) isSilent = false;
    },
    refused(sentAt) {
      const period = sentAt >= accepted.since ? accepted : acceptedBefore;
      if (sentAt >= period.since) period.calls -= 1;
    },
    begin(sentAt, now, askedMs) {
      const isAccepting = acceptedBefore.calls > 0 || (accepted.calls > 0 && sentAt - until > pauseMs);
      const longer = pauseMs * (pauseMs < SECOND_MS ? GROWTH : GROWTH_AFTER_SECOND);
      pauseMs = isAccepting ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, longer));
      until = now + Math.max(pauseMs, askedMs);
      isSilent = true;
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
