import { describe, expect, test } from 'vitest';
import { ModelCallError } from '../../../src/errors.ts';
import { endsRun } from '../../../src/internal/ends-run.ts';
import { seededRandom } from '../../../src/internal/random.ts';
import type { ChatModel, ChatRequest, ChatResponse } from '../../../src/models/chat-model.ts';
import { outage } from '../../../src/models/pacing/outage.ts';
import { paced } from '../../../src/models/pacing/paced.ts';
import { pacerWithClock } from '../../../src/models/pacing/pacer.ts';
import type { PacerOptions } from '../../../src/models/pacing/pacer-options.ts';
import { type RetryOptions, retryWithClock } from '../../../src/models/retry.ts';
import { simulatedTime } from './simulated-time.ts';

const REQUEST: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }] };
const USAGE = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };
const OK: ChatResponse = { text: 'hi', finishReason: 'stop', usage: USAGE };

const unreachable = new ModelCallError('m', 'the server cannot be reached (ECONNREFUSED).', {
  retryable: true,
  hint: 'Check the base URL.',
});
const failing = (status: number, retryAfterMs?: number) =>
  new ModelCallError('m', `${status} no.`, { status, retryable: true, retryAfterMs });

type Answer = ModelCallError | ChatResponse;

/** A model on a simulated clock, of which `serve` says what it answers at which time. */
function setUp(
  serve: (now: number, call: number) => Answer,
  { latencyMs = 5, ...options }: PacerOptions & RetryOptions & { latencyMs?: number } = {},
) {
  const time = simulatedTime();
  const sent: number[] = [];
  const news: string[] = [];
  const retried: number[] = [];
  const pacer = pacerWithClock(
    {
      concurrency: 50,
      ...options,
      onAway: ({ sinceMs, error }) => news.push(`away ${error.message} ${sinceMs >= 0}`),
      onBack: ({ sinceMs }) => news.push(`back after ${Math.round(sinceMs / 1_000)} s`),
    },
    time,
  );
  const model: ChatModel = {
    id: 'm',
    async generate() {
      sent.push(time.now());
      const answer = serve(time.now(), sent.length);
      await time.sleep(latencyMs);
      if (answer instanceof ModelCallError) throw answer;
      return answer;
    },
  };
  const random = seededRandom(7);
  const wrapped = retryWithClock(
    paced(model, pacer),
    { ...options, onRetry: () => retried.push(time.now()) },
    time,
    random,
  );
  const call = () =>
    wrapped.generate(REQUEST).then(
      () => ({ at: time.now(), error: undefined }),
      (error: unknown) => ({ at: time.now(), error: error as ModelCallError }),
    );
  return { time, pacer, sent, news, retried, call };
}

type SetUp = ReturnType<typeof setUp>;

/** Answers one call, then makes 50 at 10 s. */
async function playOutage({ time, call }: SetUp) {
  void call();
  await time.run(10_000);
  const calls = Promise.all(Array.from({ length: 50 }, call));
  await time.run();
  return calls;
}

/** Down from 10 s on, for so long. */
const downFor = (ms: number, error: ModelCallError) => (now: number) =>
  now >= 10_000 && now < 10_000 + ms ? error : OK;

test('a pause is no outage: the wait for a model that is away goes on after it, and so does the deadline of a retry', async () => {
  // Away for ten minutes, of which an hour's pause hides the most. The deadline is half an hour.
  const set = setUp((now) => (now >= 10_000 && now < 3_700_000 ? failing(503) : OK));
  void set.call();
  await set.time.run(10_000);
  const calls = Promise.all(Array.from({ length: 50 }, set.call));
  await set.time.run(60_000);
  expect(set.pacer.isAway).toBe(true);
  set.pacer.hold(true);
  const before = set.sent.length;
  await set.time.run(3_660_000);
  expect(set.sent).toHaveLength(before);
  set.pacer.hold(false);
  await set.time.run();
  expect((await calls).filter(({ error }) => error !== undefined)).toEqual([]);
  expect(set.news).toEqual([
    expect.stringMatching(/^away/),
    expect.stringMatching(/^back after (8\d|9\d|10\d) s$/),
  ]);
});

describe('a model that goes away', () => {
  test.each([
    ['a minute without a connection', 60_000, unreachable],
    ['five minutes without a connection', 300_000, unreachable],
    ['a minute of 502', 60_000, failing(502)],
    ['five minutes of 503', 300_000, failing(503)],
    ['a minute of 504', 60_000, failing(504)],
    ['a minute of 529', 60_000, failing(529)],
    ['25 minutes of 503', 1_500_000, failing(503)],
  ])('fails no call in %s, with few retries and at most one probe a second', async (_what, ms, error) => {
    const set = setUp(downFor(ms, error));
    const outcomes = await playOutage(set);
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
    const probes = set.sent.filter((at) => at > 12_000 && at < 10_000 + ms);
    for (const [index, at] of probes.slice(1).entries())
      expect(at - probes[index]!).toBeGreaterThanOrEqual(1_000);
    expect(probes.length).toBeGreaterThan(ms / 15_000 - 1);
    expect(set.news).toEqual([expect.stringMatching(/^away .*true$/), expect.stringMatching(/^back after/)]);
    expect(set.time.pending).toBe(0);
  });

  test('is noticed as back within a second or two after a short outage, and within 15 s after a long one', async () => {
    for (const [ms, lateMs] of [
      [10_000, 2_000],
      [60_000, 7_000],
      [1_200_000, 15_100],
    ] as const) {
      const outcomes = await playOutage(setUp(downFor(ms, unreachable)));
      const first = Math.min(...outcomes.map(({ at }) => at));
      expect(first - 10_000 - ms).toBeLessThanOrEqual(lateMs);
    }
  });

  test('uses up no more than the retries of the first second, and time away does not count towards the deadline', async () => {
    const set = setUp(downFor(1_700_000, failing(503)), { retries: 3 });
    const outcomes = await playOutage(set);
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(Math.max(...set.retried)).toBeLessThan(12_000);
    expect(set.pacer.awayMs).toBeGreaterThan(1_690_000);
    expect(set.pacer.isAway).toBe(false);
  });

  test('opens step by step, not with all calls at once', async () => {
    const set = setUp(downFor(60_000, unreachable), { latencyMs: 2_000 });
    await playOutage(set);
    const back = set.sent.filter((at) => at > 72_000);
    const first = back[0]!;
    // The probe that is answered, and few more in the moment after.
    expect(back.filter((at) => at <= first + 2_010).length).toBeLessThanOrEqual(6);
    expect(back.length).toBeGreaterThan(20);
  });

  test('ends all waiting calls once the deadline since its start is over, with an error that ends the run', async () => {
    const set = setUp(downFor(Number.POSITIVE_INFINITY, failing(503)), { maxPauseMs: 120_000 });
    const outcomes = await playOutage(set);
    expect(outcomes).toHaveLength(50);
    for (const { at, error } of outcomes) {
      expect(at).toBeGreaterThanOrEqual(130_000);
      expect(at).toBeLessThan(132_000);
      expect(error).toMatchObject({ status: 503, retryable: false, modelId: 'm', cause: failing(503) });
      expect(error?.message).toBe(
        'm: no usable answer for 2 min 0 s: 503 no. Run the program again to resume once the server is back.',
      );
      expect(endsRun(error)).toBe(true);
    }
    expect(set.news).toHaveLength(1);
    expect(set.pacer).toMatchObject({ isAway: true, waiting: 0, inFlight: 0 });
  });

  test('is probed again by a call that comes after the deadline', async () => {
    const set = setUp(downFor(600_000, failing(503)), { maxPauseMs: 120_000 });
    await playOutage(set);
    await set.time.run(700_000);
    const late = set.call();
    await set.time.run();
    expect((await late).error).toBeUndefined();
    expect(set.news.at(-1)).toMatch(/^back/);
  });

  test('gets the next probe after 15 s if one is never answered', async () => {
    const time = simulatedTime();
    const pacer = pacerWithClock({}, time);
    (await pacer.acquire(0)).release({ error: failing(503) });
    const probes: number[] = [];
    for (let call = 0; call < 3; call++) void pacer.acquire(0).then(() => probes.push(time.now()));
    await time.run(30_000);
    expect(probes).toEqual([1_000, 16_000]);
    expect(pacer).toMatchObject({ isAway: true, waiting: 1, inFlight: 2, awayMs: 30_000 });
  });

  test('waits as long between probes as the server asks, up to a minute', async () => {
    for (const [askedMs, everyMs] of [
      [30_000, 30_000],
      [600_000, 60_000],
    ] as const) {
      const set = setUp(downFor(400_000, failing(503, askedMs)));
      await playOutage(set);
      const probes = set.sent.filter((at) => at > 20_000 && at < 410_000);
      for (const [index, at] of probes.slice(1).entries()) {
        expect(at - probes[index]!).toBeGreaterThanOrEqual(everyMs);
        expect(at - probes[index]!).toBeLessThan(everyMs + 1_100);
      }
    }
  });
});

describe('what is no outage', () => {
  const mixed = (share: number, error: ModelCallError) => {
    const random = seededRandom(3);
    return () => (random() < share ? error : OK);
  };

  test.each([0.1, 0.3])('a share of %f of 503 while other calls are answered', async (share) => {
    const set = setUp(mixed(share, failing(503)), { retries: 30, latencyMs: 100 });
    const all: Promise<unknown>[] = [];
    for (let call = 0; call < 50; call++) all.push(set.call());
    await set.time.run();
    for (let call = 0; call < 500; call++) all.push(set.call());
    await set.time.run();
    await Promise.all(all);
    expect(set.news).toEqual([]);
  });

  test('three failures in a row with an answer less than a second before', async () => {
    const set = setUp((_now, call) => (call > 1 && call <= 6 ? failing(503) : OK), { retries: 0 });
    await Promise.all([set.call(), set.time.run()]);
    const calls = Promise.all(Array.from({ length: 5 }, set.call));
    await set.time.run();
    expect((await calls).filter(({ error }) => error !== undefined)).toHaveLength(5);
    expect(set.news).toEqual([]);
  });

  test.each([
    ['a 500, which the request may cause', failing(500)],
    ['a 429', failing(429)],
    ['a request that is refused', new ModelCallError('m', 'no.', { status: 400, retryable: false })],
  ])('%s', async (_what, error) => {
    const set = setUp(downFor(600_000, error));
    const outcomes = await playOutage(set);
    expect(set.news).toEqual([]);
    expect(outcomes.some(({ error }) => error !== undefined)).toBe(true);
  });

  test('failures among answers that are no success', async () => {
    const set = setUp((now, call) => (now < 5_000 ? OK : call % 2 === 0 ? failing(503) : failing(500)));
    await playOutage(set);
    expect(set.news).toEqual([]);
  });
});

describe('a model that has never answered', () => {
  test('fails within 5 s if it refuses connections, and says what to check', async () => {
    const set = setUp(() => unreachable);
    const calls = Promise.all(Array.from({ length: 20 }, set.call));
    await set.time.run();
    for (const { at, error } of await calls) {
      expect(at).toBeGreaterThan(3_000);
      expect(at).toBeLessThanOrEqual(5_100);
      expect(error?.message).toBe(
        'm: no usable answer for 5 s: the server cannot be reached (ECONNREFUSED). Check the base URL. Run the program again to resume once the server is back.',
      );
      expect(endsRun(error)).toBe(true);
    }
    expect(set.retried).toEqual([]);
  });

  test('may be starting up: a 503 is waited for', async () => {
    const set = setUp((now) => (now < 240_000 ? failing(503) : OK));
    const calls = Promise.all(Array.from({ length: 20 }, set.call));
    await set.time.run();
    expect((await calls).filter(({ error }) => error !== undefined)).toEqual([]);
    expect(set.sent.filter((at) => at > 100 && at < 240_000).length).toBeLessThan(60);
  });

  test('may be slow: calls that time out are waited for', async () => {
    const late = new ModelCallError('m', 'the server did not answer in time.', { retryable: true });
    const set = setUp((now) => (now < 700_000 ? late : OK), { latencyMs: 600_000 });
    const call = set.call();
    await set.time.run();
    expect((await call).error).toBeUndefined();
  });
});

describe('the beginning of an outage', () => {
  const down = failing(503);
  const call = { sentAt: 0, isProbe: false };

  test('is the third failure in a row after a second without an answer, and counts from the first', () => {
    const away = outage(60_000);
    away.answered(1_000);
    expect(away.sent(1_200)).toBe(false);
    expect(away.failed(down, call, 1_500)).toBeUndefined();
    expect(away.failed(down, call, 1_600)).toBeUndefined();
    expect(away.failed(down, call, 1_999)).toBeUndefined();
    expect(away.isAway).toBe(false);
    expect(away.failed(down, call, 2_000)).toEqual({ sinceMs: 500, error: down });
    expect(away.awayMs(3_000)).toBe(1_500);
    expect(away.sent(3_000)).toBe(true);
    expect(away.answered(4_000)).toEqual({ sinceMs: 2_500, error: down });
    expect(away.awayMs(9_000)).toBe(2_500);
  });

  test('is no earlier, however long ago the last answer is', () => {
    const away = outage(60_000);
    away.answered(0);
    expect(away.failed(down, call, 10_000)).toBeUndefined();
    expect(away.failed(down, call, 20_000)).toBeUndefined();
    expect(away.failed(down, call, 30_000)).toEqual({ sinceMs: 20_000, error: down });
  });

  test('lets a call go each 100 ms while it is in doubt', () => {
    const away = outage(60_000);
    away.answered(1_000);
    away.sent(1_050);
    for (const now of [1_060, 1_070]) away.failed(down, call, now);
    expect(away.waitMs(1_080)).toBe(0);
    away.failed(down, call, 1_080);
    expect(away.waitMs(1_080)).toBe(70);
    expect(away.waitMs(2_000)).toBe(0);
  });

  test('sends the next probe by the failures of probes alone', () => {
    const away = outage(60_000);
    away.failed(down, call, 0);
    expect(away.waitMs(400)).toBe(600);
    away.sent(1_000);
    away.failed(down, call, 1_500);
    expect(away.waitMs(1_500)).toBe(14_500);
    away.failed(down, { sentAt: 1_000, isProbe: true }, 1_600);
    expect(away.waitMs(1_600)).toBe(400);
  });

  test('of a model that never answered is short only if a connection fails within five seconds', () => {
    for (const [sentAt, failedAt, givenUpAfter] of [
      [1_000, 5_999, 5_000],
      [1_000, 6_000, 60_000],
    ] as const) {
      const away = outage(60_000);
      away.failed(unreachable, { sentAt, isProbe: false }, failedAt);
      expect(away.givenUp(failedAt + givenUpAfter - 1)).toBeUndefined();
      expect(away.givenUp(failedAt + givenUpAfter)).toBeInstanceOf(ModelCallError);
    }
  });
});
