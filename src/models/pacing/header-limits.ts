import type { RateLimit } from '../../rate-limit.ts';
import { type AdvertisedPause, advertisedRate } from './advertised-rate.ts';

/** What was sent up to a call, itself included. */
export interface SentSoFar {
  readonly calls: number;
  readonly tokens: number;
}

/** A call whose response says what its server's limits are. */
export interface AnsweredCall {
  readonly sentAt: number;
  readonly tokens: number;
  /** Totals when it was sent. */
  readonly sent: SentSoFar;
}

/** The limits on calls and tokens that a server's headers state. */
export interface HeaderLimits {
  /** Calls per millisecond. */
  callRate(now: number): number;
  /** Tokens per millisecond. */
  tokenRate(now: number): number;
  /** @param sent totals by now. @returns the longest wait that the headers ask for. */
  learn(limits: RateLimit, call: AnsweredCall, sent: SentSoFar, now: number): AdvertisedPause | undefined;
}

/** Limits that no header has stated yet. @param maxPauseMs longest wait for a limit to be restored. */
export function headerLimits(maxPauseMs: number): HeaderLimits {
  const calls = advertisedRate(maxPauseMs);
  const tokens = advertisedRate(maxPauseMs);
  return {
    callRate: calls.rate,
    tokenRate: tokens.rate,
    learn(limits, call, sent, now) {
      const about = { index: call.sent.calls, ageMs: now - call.sentAt };
      const pauses = [
        limits.requests &&
          calls.learn(
            { ...about, window: limits.requests, spentSince: sent.calls - call.sent.calls, callUnits: 1 },
            now,
          ),
        limits.tokens &&
          tokens.learn(
            {
              ...about,
              window: limits.tokens,
              spentSince: sent.tokens - call.sent.tokens,
              callUnits: call.tokens,
            },
            now,
          ),
      ].filter((pause) => pause !== undefined);
      return pauses.sort((a, b) => b.waitMs - a.waitMs)[0];
    },
  };
}
