import { describe, expect, test } from 'vitest';
import { concurrencyLimit, fixedWindow, slidingWindow, tokenBucket, unlimited } from './limiters.ts';
import { type Simulation, simulate } from './simulated-server.ts';

const MINUTE = 60_000;
const LIMIT = 500;

const busy: Omit<Simulation, 'limiter'> = { durationMs: 2 * MINUTE, wanting: 400 };

describe.each([1, 2])('a pacer that learns a server’s limit (seed %i)', (seed) => {
  test.each<[string, Simulation]>([
    ['counts by the second', { ...busy, limiter: slidingWindow(LIMIT, 1_000) }],
    ['names a pause of a second', { ...busy, limiter: slidingWindow(LIMIT, 1_000), retryAfterMs: 1_000 }],
    ['counts what it refuses too', { ...busy, limiter: slidingWindow(LIMIT, 1_000, true) }],
    [
      'counts refused calls and requests a pause',
      { ...busy, limiter: slidingWindow(LIMIT, 1_000, true), retryAfterMs: 1_000 },
    ],
    ['refuses slowly', { ...busy, limiter: slidingWindow(LIMIT, 1_000), refusalMs: 60 }],
    ['answers slowly', { ...busy, limiter: slidingWindow(LIMIT, 1_000), latencyMs: 700, sigma: 0.6 }],
    ['counts from second to second', { ...busy, limiter: fixedWindow(LIMIT, 1_000) }],
    ['holds a bucket', { ...busy, limiter: tokenBucket(LIMIT, 1_000) }],
    [
      'has a bucket and requests a pause',
      { ...busy, limiter: tokenBucket(LIMIT, 1_000), retryAfterMs: 1_000 },
    ],
    ['holds a bucket and tells it', { ...busy, limiter: tokenBucket(LIMIT, 1_000), withHeaders: true }],
  ])(
    'reaches 85 % of the limit in the first minute and 95 % after if the server %s, with at most 2 % refused and none failed',
    async (_what, given) => {
      const { perSecond, refusedShare, failed } = await simulate({ ...given, seed });
      const inMinute = (minute: number) =>
        perSecond.slice(60 * minute, 60 * (minute + 1)).reduce((sum, calls) => sum + calls, 0) / 60;
      expect(inMinute(0)).toBeGreaterThanOrEqual(0.85 * LIMIT);
      expect(inMinute(1)).toBeGreaterThanOrEqual(0.95 * LIMIT);
      expect(refusedShare).toBeLessThanOrEqual(0.02);
      expect(failed).toBe(0);
    },
  );
});

describe.each([1, 2])('refusals that do not depend on the rate (seed %i)', (seed) => {
  test.each([
    [0.001, 0.97, undefined],
    [0.01, 0.92, undefined],
    [0.02, 0.85, undefined],
    [0.01, 0.92, 1_000],
    [0.02, 0.85, 1_000],
  ])(
    'of %f of all calls leave %f of the throughput (Retry-After: %s), after one minute and after thirty',
    async (share, kept, retryAfterMs) => {
      for (const minutes of [1, 30]) {
        const { rate, failed } = await simulate({
          limiter: unlimited,
          strays: share,
          retryAfterMs,
          durationMs: minutes * MINUTE,
          warmUpMs: (minutes - 1) * MINUTE,
          wanting: 40,
          latencyMs: 200,
          seed,
        });
        expect(rate).toBeGreaterThanOrEqual(kept * 200);
        expect(failed).toBe(0);
      }
    },
  );
});

describe('a pacer that learns a server’s limit', () => {
  test('keeps a limit per minute reported in headers, without a single refusal', async () => {
    for (const limiter of [fixedWindow(LIMIT, MINUTE), tokenBucket(LIMIT, MINUTE)]) {
      const { rate, refused } = await simulate({
        limiter,
        withHeaders: true,
        durationMs: 10 * MINUTE,
        wanting: 50,
        latencyMs: 4_000,
      });
      expect(refused).toBe(0);
      expect(rate).toBeGreaterThanOrEqual((0.94 * LIMIT) / 60);
    }
  });

  test('finds a limit per minute that no header reports', async () => {
    const { rate, refusedShare, failed } = await simulate({
      limiter: slidingWindow(LIMIT, MINUTE),
      durationMs: 30 * MINUTE,
      wanting: 50,
      latencyMs: 3_000,
    });
    expect(rate).toBeGreaterThanOrEqual((0.85 * LIMIT) / 60);
    expect(refusedShare).toBeLessThanOrEqual(0.03);
    expect(failed).toBe(0);
  });

  test('finds the limit on calls in flight', async () => {
    const { rate, refusedShare, failed } = await simulate({
      limiter: concurrencyLimit(128),
      durationMs: 10 * MINUTE,
      wanting: 400,
      latencyMs: 10_000,
      sigma: 0.6,
    });
    expect(rate).toBeGreaterThanOrEqual(0.85 * 12.8);
    expect(refusedShare).toBeLessThanOrEqual(0.03);
    expect(failed).toBe(0);
  });

  test('follows a falling limit', async () => {
    const [high, low] = [slidingWindow(LIMIT, 1_000), slidingWindow(LIMIT / 5, 1_000)];
    const limiter = {
      admit: (now: number, inFlight: number) => (now < MINUTE ? high : low).admit(now, inFlight),
    };
    const durationMs = 4 * MINUTE;
    const { rate, refusedShare } = await simulate({
      limiter,
      durationMs,
      wanting: 400,
      warmUpMs: MINUTE + 20_000,
    });
    expect(rate).toBeGreaterThanOrEqual((0.9 * LIMIT) / 5);
    expect(refusedShare).toBeLessThanOrEqual(0.02);
  });

  test('finds a raised limit', async () => {
    const [low, high] = [slidingWindow(LIMIT / 5, 1_000), slidingWindow(LIMIT, 1_000)];
    const limiter = {
      admit: (now: number, inFlight: number) => (now < MINUTE ? low : high).admit(now, inFlight),
    };
    const { rate } = await simulate({ limiter, durationMs: 10 * MINUTE, wanting: 400, warmUpMs: 7 * MINUTE });
    expect(rate).toBeGreaterThanOrEqual(0.9 * LIMIT);
  });

  test('reaches full concurrency within a second if nothing is refused', async () => {
    const { rate, maxInFlight } = await simulate({
      limiter: concurrencyLimit(Number.POSITIVE_INFINITY),
      durationMs: 10_000,
      wanting: 1_000,
      latencyMs: 1_000,
      warmUpMs: 1_000,
    });
    expect(maxInFlight).toBe(1_000);
    expect(rate).toBeGreaterThanOrEqual(970);
  });

  test('is not slowed down by occasional server errors', async () => {
    const { rate, failed } = await simulate({
      limiter: slidingWindow(LIMIT, 1_000),
      durationMs: MINUTE,
      wanting: 400,
      faults: 0.02,
    });
    expect(rate).toBeGreaterThanOrEqual(0.93 * LIMIT);
    expect(failed).toBe(0);
  });

  test('leaves no timer behind', async () => {
    const { time } = await simulate({ limiter: slidingWindow(50, 1_000), durationMs: 5_000, wanting: 100 });
    expect(time.pending).toBe(0);
  });
});
