import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidOptionError, ModelCallError } from '../../../src/errors.ts';
import { seededRandom } from '../../../src/internal/random.ts';
import type { ChatResponse } from '../../../src/models/chat-model.ts';
import { createPacer, type Pacer, type Permit, pacerWithClock } from '../../../src/models/pacing/pacer.ts';
import type { PacerOptions } from '../../../src/models/pacing/pacer-options.ts';
import type { RateLimit } from '../../../src/rate-limit.ts';
import { type SimulatedTime, simulatedTime } from './simulated-time.ts';

function answer(tokens = 0, rateLimit?: RateLimit): { response: ChatResponse } {
  const usage = { inputTokens: tokens, cachedInputTokens: 0, outputTokens: 0 };
  return { response: { text: '', finishReason: 'stop', usage, rateLimit } };
}

const failure = (status: number | undefined, retryAfterMs?: number, retryable = true) => ({
  error: new ModelCallError('m', 'no.', { status, retryable, retryAfterMs }),
});

/** Requests permits and records the time of each. `outcome` ends each call at once. */
function ask(
  pacer: Pacer,
  time: SimulatedTime,
  calls: number,
  tokens = 0,
): { times: number[]; permits: Permit[] } {
  const times: number[] = [];
  const permits: Permit[] = [];
  for (let call = 0; call < calls; call++) {
    void pacer.acquire(tokens).then((permit) => {
      times.push(time.now());
      permits.push(permit);
    });
  }
  return { times, permits };
}

function start(options: PacerOptions = {}, startAt = 0) {
  const time = simulatedTime(startAt, 30_000);
  return { time, pacer: pacerWithClock({ concurrency: 1_000, ...options }, time) };
}

/** Refuses a few calls in a row, which are no strays. */
async function refuse(pacer: Pacer, retryAfterMs?: number): Promise<void> {
  const permits = await Promise.all(Array.from({ length: 5 }, () => pacer.acquire(0)));
  for (const permit of permits) permit.release(failure(429, retryAfterMs));
}

describe('the configured rates', () => {
  test('allow no burst beyond 10 ms of the rate, or one call', async () => {
    for (const [requestsPerMinute, burst] of [
      [60, 1],
      [30_000, 5],
    ] as const) {
      const { time, pacer } = start({ requestsPerMinute });
      const { times } = ask(pacer, time, 20);
      await time.run(0);
      expect(times.length).toBeLessThanOrEqual(burst + 1);
      expect(times.length).toBeGreaterThanOrEqual(1);
    }
  });

  test('are reached', async () => {
    const { time, pacer } = start({ requestsPerMinute: 600 });
    const { times } = ask(pacer, time, 601);
    await time.run();
    expect(times.at(-1)).toBeGreaterThan(59_000);
    expect(times.at(-1)).toBeLessThan(61_000);
  });

  test('count estimated tokens, then actual usage once it is known', async () => {
    const { time, pacer } = start({ tokensPerMinute: 60_000 });
    const first = await pacer.acquire(1_000);
    first.release(answer(5_000));
    const { times } = ask(pacer, time, 2, 1_000);
    await time.run();
    expect(times[0]).toBeGreaterThan(4_900);
    expect(times[0]).toBeLessThan(5_100);
    expect(times[1]! - times[0]!).toBeGreaterThan(900);
  });

  test('keep the estimate if the usage is unknown', async () => {
    const { time, pacer } = start({ tokensPerMinute: 60_000 });
    (await pacer.acquire(5_000)).release(answer());
    const { times } = ask(pacer, time, 1);
    await time.run();
    expect(times[0]).toBeGreaterThan(4_900);
    expect(times[0]).toBeLessThan(5_100);
  });

  test('count both input and output', async () => {
    const { time, pacer } = start({ tokensPerMinute: 60_000 });
    const usage = { inputTokens: 1_000, cachedInputTokens: 0, outputTokens: 4_000 };
    (await pacer.acquire(0)).release({ response: { text: '', finishReason: 'stop', usage } });
    const { times } = ask(pacer, time, 1);
    await time.run();
    expect(times[0]).toBeGreaterThan(4_900);
    expect(times[0]).toBeLessThan(5_100);
  });

  test('return unused tokens', async () => {
    const { time, pacer } = start({ tokensPerMinute: 60_000 });
    (await pacer.acquire(30_000)).release(answer(1));
    const { times } = ask(pacer, time, 1, 10);
    await time.run();
    expect(times[0]).toBeLessThan(10);
  });

  test('permit a call that is larger than the limit per minute', async () => {
    const { time, pacer } = start({ tokensPerMinute: 100 });
    const { times } = ask(pacer, time, 2, 300);
    await time.run();
    expect(times).toHaveLength(2);
    expect(times[1]).toBeGreaterThan(170_000);
  });
});

describe('the queue', () => {
  test('is first come, first served, and never exceeds the limit on calls in flight', async () => {
    const { time, pacer } = start({ concurrency: 3 });
    const order: number[] = [];
    let inFlight = 0;
    let most = 0;
    for (let call = 0; call < 50; call++) {
      void pacer.acquire(0).then(async (permit) => {
        order.push(call);
        most = Math.max(most, ++inFlight);
        await time.sleep((call * 7) % 11);
        inFlight -= 1;
        permit.release(answer());
      });
    }
    await time.run();
    expect(order).toEqual(Array.from({ length: 50 }, (_, call) => call));
    expect(most).toBe(3);
  });

  test('rejects aborted calls at once with the signal’s reason, and serves the others', async () => {
    const { time, pacer } = start({ concurrency: 1 });
    const held = await pacer.acquire(0);
    const controller = new AbortController();
    const reason = new Error('enough');
    const leaving = [1, 2, 3].map(() => pacer.acquire(0, controller.signal));
    const staying = pacer.acquire(0);
    controller.abort(reason);
    for (const each of leaving) await expect(each).rejects.toBe(reason);
    held.release(answer());
    await time.run();
    expect(await staying).toBeDefined();
    await expect(pacer.acquire(0, controller.signal)).rejects.toBe(reason);
  });

  test('leaves no timer and no listener behind', async () => {
    const { time, pacer } = start({ requestsPerMinute: 1 });
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, args);
    };
    const calls = Array.from({ length: 100 }, () => pacer.acquire(0, signal));
    await calls[0];
    expect(listeners).toBe(1);
    expect(time.pending).toBe(1);
    controller.abort(new Error('enough'));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(99);
    expect({ listeners, pending: time.pending }).toEqual({ listeners: 0, pending: 0 });
  });

  test('counts a permit once, even if it is released twice', async () => {
    const { time, pacer } = start({ concurrency: 1 });
    const held = await pacer.acquire(0);
    const { times, permits } = ask(pacer, time, 2);
    held.release(answer());
    held.release(answer());
    await time.run();
    expect(times).toHaveLength(1);
    permits[0]!.release(answer());
    await time.run();
    expect(times).toHaveLength(2);
  });
});

describe('a refusal', () => {
  test.each([0.5, 20, 90, 600])('holds back all calls for the requested %d s', async (seconds) => {
    const { time, pacer } = start();
    await refuse(pacer, seconds * 1_000);
    const { times } = ask(pacer, time, 1);
    await time.run();
    expect(times[0]).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(times[0]).toBeLessThan(seconds * 1_000 + 1_100);
  });

  test('that is alone holds back no other call, even with Retry-After', async () => {
    const { time, pacer } = start();
    (await pacer.acquire(0)).release(failure(429, 20_000));
    const { times } = ask(pacer, time, 20);
    await time.run(0);
    expect(times).toHaveLength(20);
  });

  test('with a 5xx and Retry-After holds them back as well', async () => {
    const { time, pacer } = start();
    (await pacer.acquire(0)).release(failure(503, 5_000));
    const { times } = ask(pacer, time, 1);
    await time.run();
    expect(times[0]).toBeGreaterThanOrEqual(5_000);
  });

  test.each([3_600_000, 1e15, 1e308])(
    'that requests more than maxPauseMs (%d ms) fails all calls at once, for maxPauseMs',
    async (requestedMs) => {
      const { time, pacer } = start({ concurrency: 1, maxPauseMs: 600_000 });
      const held = await pacer.acquire(0);
      const waiting = pacer.acquire(0);
      const outcome = failure(429, requestedMs);
      held.release(outcome);
      await expect(waiting).rejects.toBe(outcome.error);
      await expect(pacer.acquire(0)).rejects.toBe(outcome.error);
      await time.run(599_999);
      await expect(pacer.acquire(0)).rejects.toBe(outcome.error);
      await time.run(600_001);
      expect(await pacer.acquire(0)).toBeDefined();
      expect(time.pending).toBe(0);
    },
  );

  test('with a 5xx and a Retry-After of a day fails no other call, and holds them back for a minute', async () => {
    const { time, pacer } = start();
    (await pacer.acquire(0)).release(failure(503, 86_400_000));
    const { times } = ask(pacer, time, 1);
    await time.run();
    expect(times[0]).toBeGreaterThanOrEqual(60_000);
    expect(times[0]).toBeLessThan(61_100);
  });

  test('doubles the pause while nothing is accepted', async () => {
    const { time, pacer } = start();
    const times: number[] = [];
    const work = async () => {
      for (let call = 0; call < 14; call++) {
        const permit = await pacer.acquire(0);
        times.push(time.now());
        await time.sleep(1);
        permit.release(failure(429));
      }
    };
    void work();
    await time.run();
    // The first ones may be strays.
    const gaps = times.slice(5).map((at, index) => at - times[index + 4]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    for (const [index, gap] of gaps.slice(1).entries()) expect(gap).toBeGreaterThanOrEqual(gaps[index]!);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...gaps)).toBeLessThan(70_000);
  });

  test.each([
    ['a request that is wrong', failure(400, undefined, false)],
    ['a quota that is used up', failure(429, 60_000, false)],
    ['an error of another kind', { error: new TypeError('bug') }],
  ])('is not what %s is', async (_what, outcome) => {
    const { time, pacer } = start();
    (await pacer.acquire(0)).release(outcome);
    const { times } = ask(pacer, time, 20);
    await time.run(0);
    expect(times).toHaveLength(20);
  });
});

describe('headers', () => {
  test('spread what remains over the remaining time', async () => {
    const { time, pacer } = start();
    const requests = { limit: 100, remaining: 10, resetMs: 10_000 };
    (await pacer.acquire(0)).release(answer(0, { requests }));
    const { times } = ask(pacer, time, 20);
    await time.run(9_999);
    expect(times.length).toBeGreaterThanOrEqual(9);
    expect(times.length).toBeLessThanOrEqual(11);
    await time.run(11_500);
    expect(times).toHaveLength(20);
  });

  test('of tokens do the same', async () => {
    const { time, pacer } = start();
    const tokens = { limit: 10_000, remaining: 1_000, resetMs: 10_000 };
    (await pacer.acquire(0)).release(answer(0, { tokens }));
    const { times } = ask(pacer, time, 20, 100);
    await time.run(9_999);
    expect(times.length).toBeGreaterThanOrEqual(9);
    expect(times.length).toBeLessThanOrEqual(11);
  });

  test.each([
    ['requests', { requests: { limit: 9, remaining: 0, resetMs: 600_000 } }, 0],
    ['requests, one of which is left', { requests: { limit: 9, remaining: 1, resetMs: 600_000 } }, 0],
    ['tokens', { tokens: { limit: 9, remaining: 0, resetMs: 600_000 } }, 5_000],
    ['tokens, too few of which are left', { tokens: { limit: 9, remaining: 9, resetMs: 600_000 } }, 5_000],
  ])(
    'of %s are tried again after a minute, and the pause is reported once',
    async (_what, limits, tokens) => {
      const pauses: object[] = [];
      const { time, pacer } = start({ onPause: (pause) => pauses.push(pause) });
      (await pacer.acquire(tokens)).release(answer(tokens, limits));
      expect(pauses).toEqual([]);
      const { times } = ask(pacer, time, 1, tokens);
      await time.run(0);
      expect(pauses).toEqual([{ waitMs: 60_000, requestedMs: 600_000 }]);
      await time.run(59_000);
      expect(times).toEqual([]);
      await time.run(62_000);
      expect(times).toHaveLength(1);
      expect(pauses).toHaveLength(1);
    },
  );

  test('that say that nothing is left are no longer believed once a call is accepted all the same', async () => {
    const { time, pacer } = start();
    const requests = { limit: 9, remaining: 0, resetMs: 600_000 };
    (await pacer.acquire(0)).release(answer(0, { requests }));
    const { times, permits } = ask(pacer, time, 20);
    await time.run(62_000);
    expect(times).toHaveLength(1);
    permits[0]!.release(answer(0, { requests }));
    await time.run(62_100);
    expect(times).toHaveLength(20);
  });

  test('that name a time beyond maxPauseMs hold back nothing: what is left is used until the server refuses', async () => {
    const pauses: object[] = [];
    const { time, pacer } = start({ onPause: (pause) => pauses.push(pause) });
    (await pacer.acquire(0)).release(
      answer(0, { requests: { limit: 9, remaining: 0, resetMs: 86_400_000 } }),
    );
    const { times } = ask(pacer, time, 20);
    await time.run(0);
    expect(times).toHaveLength(20);
    expect(pauses).toEqual([]);
  });

  test('that asked for a pause are not reported once later ones ask for none', async () => {
    const pauses: object[] = [];
    const { time, pacer } = start({ onPause: (pause) => pauses.push(pause) });
    const [first, second] = [await pacer.acquire(0), await pacer.acquire(0)];
    first.release(answer(0, { requests: { limit: 9, remaining: 1, resetMs: 600_000 } }));
    second.release(answer(0, { requests: { limit: 9, remaining: 9, resetMs: 1_000 } }));
    const { times } = ask(pacer, time, 2);
    await time.run();
    expect(times).toHaveLength(2);
    expect(pauses).toEqual([]);
  });

  test('that ask for less than a minute are everyday pacing, which is not reported', async () => {
    const pauses: object[] = [];
    const { time, pacer } = start({ onPause: (pause) => pauses.push(pause) });
    (await pacer.acquire(0)).release(answer(0, { requests: { limit: 9, remaining: 0, resetMs: 59_000 } }));
    const { times } = ask(pacer, time, 1);
    await time.run();
    expect(times[0]).toBeGreaterThan(58_000);
    expect(pauses).toEqual([]);
  });

  test('without a reset time, or outdated, change nothing', async () => {
    const { time, pacer } = start();
    const early = await pacer.acquire(0);
    const late = await pacer.acquire(0);
    late.release(answer(0, { requests: { limit: 100, remaining: 100, resetMs: 10 } }));
    early.release(answer(0, { requests: { limit: 100, remaining: 1, resetMs: 60_000 } }));
    (await pacer.acquire(0)).release(answer(0, { requests: { limit: 100, remaining: 0 } }));
    const { times } = ask(pacer, time, 20);
    await time.run(1_000);
    expect(times).toHaveLength(20);
  });
});

describe('a pacer that runs', () => {
  test('tells how many calls are in flight and how many wait', async () => {
    const { time, pacer } = start({ concurrency: 2 });
    const { permits } = ask(pacer, time, 5);
    await time.run(0);
    expect(pacer).toMatchObject({ inFlight: 2, waiting: 3, isAway: false, awayMs: 0 });
    permits[0]!.release(answer());
    permits[1]!.release({ error: new TypeError('bug') });
    await time.run(0);
    expect(pacer).toMatchObject({ inFlight: 2, waiting: 1 });
  });

  test('takes another concurrency at once', async () => {
    const { time, pacer } = start({ concurrency: 2 });
    const { times, permits } = ask(pacer, time, 9);
    await time.run(0);
    pacer.setConcurrency(6);
    await time.run(1_000);
    expect(times).toHaveLength(6);
    pacer.setConcurrency(1);
    for (const permit of permits.slice(0, 5)) permit.release(answer());
    await time.run(2_000);
    expect(pacer.inFlight).toBe(1);
    expect(times).toHaveLength(6);
    expect(() => pacer.setConcurrency(0)).toThrow('concurrency');
  });

  test('takes other limits at once, and none', async () => {
    const { time, pacer } = start({ requestsPerMinute: 60, tokensPerMinute: 60 });
    const { times } = ask(pacer, time, 200);
    await time.run(10_000);
    expect(times.length).toBeLessThanOrEqual(11);
    pacer.setLimits({ requestsPerMinute: 600 });
    await time.run(20_000);
    expect(times.length).toBeGreaterThan(90);
    expect(times.length).toBeLessThan(115);
    pacer.setLimits({});
    await time.run(20_001);
    expect(times).toHaveLength(200);
    expect(() => pacer.setLimits({ tokensPerMinute: -1 })).toThrow('tokensPerMinute');
  });
});

describe('the first calls', () => {
  test('are about 20 at once, and twice as many each 100 ms while none is answered', async () => {
    const { time, pacer } = start({ concurrency: 100 });
    const { times } = ask(pacer, time, 200);
    for (const [at, calls] of [
      [0, 20],
      [100, 40],
      [200, 80],
      [300, 100],
    ] as const) {
      await time.run(at);
      expect(times.length).toBeGreaterThanOrEqual(calls);
      expect(times.length).toBeLessThanOrEqual(Math.min(100, 1.15 * calls));
    }
    await time.run();
    expect(times).toHaveLength(100);
    expect(time.pending).toBe(0);
  });

  test('double as fast while others are answered', async () => {
    const { time, pacer } = start();
    const { permits } = ask(pacer, time, 200);
    for (let at = 1; at <= 100; at++) {
      await time.run(at);
      permits.shift()!.release(answer());
    }
    expect(pacer.inFlight).toBeGreaterThanOrEqual(38);
    expect(pacer.inFlight).toBeLessThanOrEqual(40);
  });

  test('show that more may be in flight only if calls wait', async () => {
    const { time, pacer } = start();
    for (let at = 100; at <= 2_000; at += 100) {
      const permit = await pacer.acquire(0);
      await time.run(at);
      permit.release(answer());
    }
    const { times } = ask(pacer, time, 100);
    await time.run(2_000);
    expect(times.length).toBeGreaterThanOrEqual(20);
    expect(times.length).toBeLessThanOrEqual(23);
  });
});

describe('a model that is away', () => {
  const events = (options: PacerOptions = {}) => {
    const news: [string, number, ModelCallError][] = [];
    const set = start({
      ...options,
      onAway: ({ sinceMs, error }) => news.push(['away', sinceMs, error]),
      onBack: ({ sinceMs, error }) => news.push(['back', sinceMs, error]),
    });
    return { ...set, news };
  };

  test('gets one call at a time until it answers, then few at first', async () => {
    const { time, pacer, news } = events();
    const down = failure(503);
    (await pacer.acquire(0)).release(down);
    expect(pacer).toMatchObject({ isAway: true, awayMs: 0 });
    const { times, permits } = ask(pacer, time, 20);
    await time.run(999);
    expect(times).toEqual([]);
    await time.run(1_000);
    expect(times).toEqual([1_000]);
    expect(pacer).toMatchObject({ isAway: true, awayMs: 1_000 });
    permits[0]!.release(answer());
    await time.run(1_000);
    expect(times).toHaveLength(5);
    expect(pacer).toMatchObject({ isAway: false, awayMs: 1_000, inFlight: 4 });
    await time.run(1_100);
    expect(times.length).toBeLessThanOrEqual(9);
    await time.run(2_000);
    expect(times).toHaveLength(20);
    expect(pacer.awayMs).toBe(1_000);
    expect(news).toEqual([
      ['away', 0, down.error],
      ['back', 1_000, down.error],
    ]);
  });

  test('is probed by calls that wait for no limit and for no call in flight', async () => {
    const { time, pacer } = events({ concurrency: 1, requestsPerMinute: 1 });
    (await pacer.acquire(0)).release(failure(503));
    const { times } = ask(pacer, time, 3);
    await time.run(20_000);
    expect(times).toEqual([1_000, 16_000]);
  });

  test('is back with any answer, even a failure of its own', async () => {
    const { time, pacer, news } = events();
    (await pacer.acquire(0)).release(failure(503));
    const { permits } = ask(pacer, time, 1);
    await time.run(1_000);
    permits[0]!.release(failure(500));
    expect(pacer.isAway).toBe(false);
    expect(news.map(([what]) => what)).toEqual(['away', 'back']);
  });

  test('fails all waiting calls after maxPauseMs', async () => {
    const { time, pacer } = events({ maxPauseMs: 120_000 });
    (await pacer.acquire(0)).release(failure(503));
    const ends: [number, unknown][] = [];
    for (let call = 0; call < 60; call++)
      pacer.acquire(0).then(
        (permit) => permit.release(failure(503)),
        (error: unknown) => ends.push([time.now(), error]),
      );
    await time.run();
    expect(ends.length).toBeGreaterThan(10);
    expect(ends.length).toBeLessThan(40);
    for (const [at, error] of ends) {
      expect(at).toBeGreaterThanOrEqual(120_000);
      expect(at).toBeLessThan(121_100);
      expect(error).toMatchObject({ status: 503, retryable: false });
    }
    expect(pacer.waiting).toBe(0);
    expect(time.pending).toBe(0);
  });
});

test.each([
  [503, 85],
  [500, 100],
])('after many %d, at most %d calls are in flight', async (status, most) => {
  const { time, pacer } = start({ concurrency: 100 });
  const { permits } = ask(pacer, time, 100);
  await time.run(3_000);
  permits.pop()!.release(answer());
  for (const permit of permits.splice(0, 9)) permit.release(failure(status));
  for (const permit of permits) permit.release(answer());
  ask(pacer, time, 200);
  await time.run(4_000);
  expect(pacer.inFlight).toBe(most);
});

describe('a pacer that is held', () => {
  test('sends nothing until it is let go, and then goes on at once', async () => {
    const { time, pacer } = start();
    pacer.hold(true);
    const { times } = ask(pacer, time, 3);
    await time.run(10_000);
    expect(times).toEqual([]);
    expect(pacer).toMatchObject({ waiting: 3, inFlight: 0, awayMs: 10_000, isAway: false });
    expect(time.pending).toBe(0);
    pacer.hold(false);
    await time.run(10_000);
    expect(times).toEqual([10_000, 10_000, 10_000]);
    expect(pacer.awayMs).toBe(10_000);
  });

  test('gives up no call that waits for a model away, and adds both times', async () => {
    const { time, pacer } = start({ maxPauseMs: 60_000 });
    (await pacer.acquire(0)).release(failure(503));
    const call = pacer.acquire(0);
    await time.run(500);
    pacer.hold(true);
    await time.run(600_500);
    expect(pacer).toMatchObject({ waiting: 1, isAway: true, awayMs: 600_500 });
    pacer.hold(false);
    await time.run(600_999);
    expect(pacer.inFlight).toBe(0);
    await time.run(601_000);
    (await call).release(answer());
    expect(pacer).toMatchObject({ isAway: false, awayMs: 601_000 });
  });
});

describe('the clock', () => {
  test('may start anywhere and jump without a burst', async () => {
    const { time, pacer } = start({ requestsPerMinute: 60 }, 1e9);
    const first = ask(pacer, time, 1);
    await time.run(1e9 + 3_600_000);
    const { times } = ask(pacer, time, 5);
    await time.run(1e9 + 3_600_100);
    expect(first.times).toHaveLength(1);
    expect(times).toHaveLength(1);
  });
});

test.each([
  ['requestsPerMinute', { requestsPerMinute: 0 }],
  ['tokensPerMinute', { tokensPerMinute: Number.NaN }],
  ['concurrency', { concurrency: 1.5 }],
  ['maxPauseMs', { maxPauseMs: -1 }],
])('refuses bad %s at once', (option, options) => {
  expect(() => createPacer(options)).toThrow(InvalidOptionError);
  expect(() => createPacer(options)).toThrow(option);
});

// The slowest, so it comes last: the others fail sooner.
describe('the configured rates in any minute', () => {
  test('hold, also right after the start', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5_000 }), fc.integer(), async (requestsPerMinute, seed) => {
        const { time, pacer } = start({ requestsPerMinute });
        const random = seededRandom(seed);
        const sent: number[] = [];
        for (let call = 0; call < Math.min(2_000, requestsPerMinute * 2 + 3); call++) {
          void pacer.acquire(1).then(async (permit) => {
            sent.push(time.now());
            await time.sleep(random() * 3_000);
            permit.release(random() < 0.1 ? failure(500) : answer());
          });
        }
        await time.run();
        for (const [index, from] of sent.entries()) {
          const after = sent[index + requestsPerMinute];
          if (after !== undefined) expect(after - from).toBeGreaterThanOrEqual(60_000 - 1e-6);
        }
      }),
      { numRuns: 25 },
    );
  });
});
