import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ModelCallError } from '../../../src/errors.ts';
import type { ChatRequest } from '../../../src/models/chat-model.ts';
import { estimateTokens, paced } from '../../../src/models/pacing/paced.ts';
import { createPacer } from '../../../src/models/pacing/pacer.ts';
import { retry } from '../../../src/models/retry.ts';
import { chatModelConformance } from '../../../src/testing/chat-model-conformance.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';

const REQUEST: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }] };

describe('paced', () => {
  const create = () =>
    paced(
      scriptedModel(({ outputSchema }) => (outputSchema ? '{"mood": "good"}' : 'Fine, thank you.')),
      createPacer(),
    );
  test.each(chatModelConformance(create).map(({ name, run }) => [name, run] as const))('%s', (_name, run) =>
    run(),
  );

  describe('with fake timers', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    test('passes on request, place and response, and keeps the id', async () => {
      const model = scriptedModel('hi', { id: 'mine' });
      const place = { task: 'mine', subject: 'a', role: 'r' };
      const wrapped = paced(model, createPacer());
      expect((await wrapped.generate(REQUEST, { place })).text).toBe('hi');
      expect(wrapped.id).toBe('mine');
      expect(model.calls).toEqual([{ request: REQUEST, options: { place } }]);
    });

    test('releases its permit after a failure and passes the failure on', async () => {
      const error = new TypeError('bug');
      const wrapped = paced(scriptedModel([error, 'hi']), createPacer({ concurrency: 1 }));
      await expect(wrapped.generate(REQUEST)).rejects.toBe(error);
      expect((await wrapped.generate(REQUEST)).text).toBe('hi');
    });

    test('ends the wait with the signal’s own reason, before anything is sent', async () => {
      const model = scriptedModel('hi');
      const wrapped = paced(model, createPacer({ requestsPerMinute: 1 }));
      await wrapped.generate(REQUEST);
      const controller = new AbortController();
      const reason = new Error('enough');
      const call = wrapped.generate(REQUEST, { signal: controller.signal });
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
      expect(model.calls).toHaveLength(1);
      expect(vi.getTimerCount()).toBe(0);
    });

    test('paces retries too, and all calls wait as long as a server requests that refuses several', async () => {
      const busy = new ModelCallError('m', 'busy.', { status: 429, retryable: true, retryAfterMs: 90_000 });
      const sent: number[] = [];
      const begin = Date.now();
      const model = scriptedModel((_request, _options, number) => {
        sent.push(Date.now() - begin);
        return number < 5 ? busy : 'hi';
      });
      const wrapped = retry(paced(model, createPacer()));
      const first = Array.from({ length: 5 }, () => wrapped.generate(REQUEST));
      await vi.advanceTimersByTimeAsync(1);
      const second = wrapped.generate(REQUEST);
      await vi.runAllTimersAsync();
      await Promise.all([...first, second]);
      expect(sent.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
      expect(Math.min(...sent.slice(5))).toBeGreaterThanOrEqual(90_000);
      expect(sent).toHaveLength(11);
    });
  });
});

test('estimates a quarter of the characters plus half of maxOutputTokens', () => {
  const messages = [{ role: 'user' as const, content: 'x'.repeat(400) }];
  expect(estimateTokens({ messages, maxOutputTokens: 100 })).toBe(150);
  expect(estimateTokens({ messages })).toBe(356);
});
