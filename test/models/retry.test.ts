import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import { endsRun } from '../../src/internal/ends-run.ts';
import { refusedCall } from '../../src/models/call-failures.ts';
import type { CallOptions, ChatRequest, ChatResponse } from '../../src/models/chat-model.ts';
import { paced } from '../../src/models/pacing/paced.ts';
import { createPacer } from '../../src/models/pacing/pacer.ts';
import { type RetryOptions, retry } from '../../src/models/retry.ts';
import { type Script, scriptedModel } from '../../src/testing/scripted-model.ts';

const REQUEST: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }] };

const busy = (retryAfterMs?: number) =>
  new ModelCallError('m', 'busy.', { status: 429, retryable: true, retryAfterMs });
const refused = new ModelCallError('m', 'refused.', { status: 400, retryable: false });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Plays a call to its end, including waits, and measures its simulated duration. */
async function play(script: Script, options: RetryOptions = {}, callOptions: CallOptions = {}) {
  const model = scriptedModel(script);
  const waits: number[] = [];
  const start = Date.now();
  const call = retry(model, { onRetry: (_error, waitMs) => waits.push(waitMs), ...options }).generate(
    REQUEST,
    callOptions,
  );
  const outcome = call.then(
    (response) => ({ text: response.text, error: undefined }),
    (error: unknown) => ({ text: undefined, error }),
  );
  await vi.runAllTimersAsync();
  return { ...(await outcome), waits, calls: model.calls.length, tookMs: Date.now() - start };
}

/** The replies or errors of calls, after all waits. */
async function settled(calls: readonly Promise<ChatResponse>[]): Promise<unknown[]> {
  const outcomes = Promise.all(
    calls.map((call) =>
      call.then(
        ({ text }) => text,
        (error: unknown) => error,
      ),
    ),
  );
  await vi.runAllTimersAsync();
  return outcomes;
}

describe('retry', () => {
  test('returns the response and keeps the model’s id', async () => {
    expect(await play('hi')).toEqual({ text: 'hi', error: undefined, waits: [], calls: 1, tookMs: 0 });
    expect(retry(scriptedModel('hi', { id: 'mine' })).id).toBe('mine');
  });

  test('retries until the call succeeds, with waits that double and full jitter', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { text, waits, calls, tookMs } = await play([busy(), busy(), busy(), 'hi']);
    expect({ text, waits, calls }).toEqual({ text: 'hi', waits: [500, 1_000, 2_000], calls: 4 });
    expect(tookMs).toBe(3_500);
  });

  test('waits at most a minute unless the server asks for more', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { waits } = await play(busy(), { retries: 9, baseDelayMs: 1_000 });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test.each([0, 250, 300_000])('honours a wait of %i ms requested by the server', async (wait) => {
    expect(await play([busy(wait), 'hi'])).toMatchObject({ text: 'hi', waits: [wait], tookMs: wait });
  });

  test('caps a requested wait at the longest possible timer', async () => {
    const { waits, tookMs } = await play([busy(1e12), 'hi'], { deadlineMs: 1e13 });
    expect(waits).toEqual([2 ** 31 - 1]);
    expect(tookMs).toBe(2 ** 31 - 1);
  });

  test('throws the last error after the last retry', async () => {
    const last = busy();
    expect(await play([busy(), busy(), last], { retries: 2 })).toMatchObject({ error: last, calls: 3 });
    expect(await play(last, { retries: 0 })).toMatchObject({ error: last, calls: 1 });
    expect((await play(last)).calls).toBe(7);
  });

  test.each([
    ['a request that was refused', refused],
    ['an error of another kind', new TypeError('bug')],
  ])('does not repeat %s', async (_what, error) => {
    expect(await play(error)).toMatchObject({ error, calls: 1, waits: [] });
  });

  const failure = (status: number | undefined) => new ModelCallError('m', 'no.', { status, retryable: true });

  test.each([408, 409, 425, 429, 500, 502, 503, 504, 529, undefined])('retries %s', async (status) => {
    expect(await play([failure(status), 'hi'])).toMatchObject({ text: 'hi', calls: 2 });
  });

  test.each([400, 401, 403, 404, 422])(
    'never retries %i, even if the provider calls it retryable',
    async (status) => {
      const error = failure(status);
      expect(await play(error)).toMatchObject({ error, calls: 1, waits: [] });
    },
  );

  test('does not retry a used-up quota, which ends the run', async () => {
    const error = new ModelCallError('m', 'no quota.', { status: 429, retryable: false, retryAfterMs: 1 });
    expect(await play(error)).toMatchObject({ error, calls: 1 });
    expect(endsRun(error)).toBe(true);
  });

  test('does not begin a wait that would end after the deadline', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const last = busy();
    const { error, waits, tookMs } = await play(last, { deadlineMs: 2_000 });
    expect({ error, waits, tookMs }).toEqual({ error: last, waits: [500, 1_000], tookMs: 1_500 });
  });

  test('counts the duration of calls towards the deadline', async () => {
    const script = async () => {
      await new Promise((resolve) => setTimeout(resolve, 40_000));
      return busy(0);
    };
    expect((await play(script, { deadlineMs: 100_000 })).calls).toBe(3);
  });

  test('begins a wait that ends exactly at the deadline, measured from the start of the call', async () => {
    vi.advanceTimersByTime(50_000);
    expect(await play([busy(2_000), 'hi'], { deadlineMs: 2_000 })).toMatchObject({
      text: 'hi',
      waits: [2_000],
    });
  });

  test('treats a wait beyond the deadline that comes with 429 as a used-up quota', async () => {
    const asked = busy(3_600_000);
    const { error, calls, waits } = await play(asked);
    expect({ calls, waits }).toEqual({ calls: 1, waits: [] });
    expect(error).toMatchObject({ status: 429, retryable: false, retryAfterMs: 3_600_000, cause: asked });
    expect((error as Error).message).toContain('1 h 0 min');
    expect((error as ModelCallError).hint).toContain('deadlineMs');
    expect((error as ModelCallError).hint).toContain('--deadline-minutes');
    expect(endsRun(error)).toBe(true);
  });

  describe('a server that fails and asks for a wait of a day', () => {
    const failing = () => {
      const header = (name: string) => (name === 'retry-after' ? '86400' : null);
      return refusedCall('m', 503, { message: 'down.', codes: [] }, header);
    };

    test('is tried again after a minute, and the calls of others go on', async () => {
      const model = scriptedModel([failing(), 'hi']);
      const wrapped = retry(paced(model, createPacer()));
      const start = Date.now();
      const replies = await settled([wrapped.generate(REQUEST), wrapped.generate(REQUEST)]);
      expect(replies).toEqual(['hi', 'hi']);
      expect(model.calls).toHaveLength(3);
      expect(Date.now() - start).toBeGreaterThanOrEqual(60_000);
      expect(Date.now() - start).toBeLessThan(62_000);
    });

    test('ends the run after the deadline, if it never answers', async () => {
      const wrapped = retry(paced(scriptedModel(failing()), createPacer()));
      const start = Date.now();
      const errors = await settled(Array.from({ length: 4 }, () => wrapped.generate(REQUEST)));
      for (const error of errors) {
        expect(error).toMatchObject({ status: 503, retryable: false });
        expect(endsRun(error)).toBe(true);
      }
      expect(Date.now() - start).toBeGreaterThanOrEqual(1_800_000);
    });

    test('ends no run, even if less than a minute may be waited', async () => {
      const { error, calls } = await play(failing(), { deadlineMs: 10_000 });
      expect(calls).toBe(1);
      expect(error).toMatchObject({ status: 503, retryable: true });
      expect(endsRun(error)).toBe(false);
    });

    test('is believed a minute too if a model of one’s own passes it on', async () => {
      const asked = new ModelCallError('m', 'down.', {
        status: 503,
        retryable: true,
        retryAfterMs: 86_400_000,
      });
      expect(await play([asked, 'hi'])).toMatchObject({ text: 'hi', waits: [60_000] });
    });
  });

  test('sends the same request and place each time and reports each wait', async () => {
    const place = { task: 'mine', subject: 'a', role: 'r' };
    const error = busy(5);
    const model = scriptedModel([error, 'hi']);
    const told: unknown[] = [];
    const call = retry(model, { onRetry: (...args) => told.push(args) }).generate(REQUEST, { place });
    await vi.runAllTimersAsync();
    await call;
    expect(model.calls.map(({ request, options }) => [request, options.place])).toEqual([
      [REQUEST, place],
      [REQUEST, place],
    ]);
    expect(told).toEqual([[error, 5, { place }]]);
  });

  test('ends a wait with the signal’s own reason, and leaves no timer', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const model = scriptedModel(busy(60_000));
    const call = retry(model).generate(REQUEST, { signal: controller.signal });
    call.catch(() => {});
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(model.calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not retry after an abort during the call', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const script = () => {
      controller.abort(reason);
      return busy(0);
    };
    expect(await play(script, {}, { signal: controller.signal })).toMatchObject({ error: reason, calls: 1 });
  });

  test.each([
    ['retries', { retries: -1 }],
    ['retries', { retries: 1.5 }],
    ['baseDelayMs', { baseDelayMs: Number.NaN }],
    ['baseDelayMs', { baseDelayMs: -1 }],
    ['deadlineMs', { deadlineMs: -1 }],
  ])('refuses bad %s at once', (option, options) => {
    expect(() => retry(scriptedModel('hi'), options)).toThrow(InvalidOptionError);
    expect(() => retry(scriptedModel('hi'), options)).toThrow(option);
  });
});
