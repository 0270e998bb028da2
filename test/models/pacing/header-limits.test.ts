import { describe, expect, test } from 'vitest';
import { headerLimits } from '../../../src/models/pacing/header-limits.ts';

const NO_LIMIT = Number.POSITIVE_INFINITY;
/** The third call, of 50 tokens, sent at 10,000 after 150 tokens in all. */
const CALL = { sentAt: 10_000, tokens: 50, sent: { calls: 3, tokens: 150 } };

describe('limits in headers', () => {
  test('of calls count the calls sent since', () => {
    const limits = headerLimits(60_000);
    const requests = { limit: 100, remaining: 12, resetMs: 1_000 };
    const pause = limits.learn({ requests }, CALL, { calls: 5, tokens: 250 }, 10_500);
    expect(pause).toEqual({ waitMs: 100, requestedMs: 100 });
    expect([limits.callRate(10_500), limits.tokenRate(10_500)]).toEqual([0.01, NO_LIMIT]);
    expect(limits.callRate(11_500)).toBe(NO_LIMIT);
  });

  test('of tokens count the tokens sent since, and let a call wait for as many as it needs', () => {
    const limits = headerLimits(60_000);
    const tokens = { limit: 1_000, remaining: 200, resetMs: 1_000 };
    const pause = limits.learn({ tokens }, CALL, { calls: 5, tokens: 250 }, 10_500);
    expect(pause).toEqual({ waitMs: 500, requestedMs: 500 });
    expect([limits.callRate(10_500), limits.tokenRate(10_500)]).toEqual([NO_LIMIT, 0.1]);
  });

  test('of both ask for the longer wait', () => {
    const [short, long] = [
      { limit: 100, remaining: 100, resetMs: 1_000 },
      { limit: 100, remaining: 1, resetMs: 30_000 },
    ];
    for (const both of [
      { requests: short, tokens: long },
      { requests: long, tokens: short },
    ]) {
      expect(headerLimits(60_000).learn(both, CALL, CALL.sent, 10_000)?.waitMs).toBe(30_000);
    }
  });

  test('are of no interest once the window of their call is over', () => {
    const limits = headerLimits(60_000);
    const requests = { limit: 100, remaining: 12, resetMs: 400 };
    expect(limits.learn({ requests }, CALL, CALL.sent, 10_500)).toBeUndefined();
    expect(limits.learn({}, CALL, CALL.sent, 10_000)).toBeUndefined();
    expect(limits.callRate(10_500)).toBe(NO_LIMIT);
  });
});
