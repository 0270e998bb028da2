import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelCallError } from '../../src/errors.ts';
import { endsRun } from '../../src/internal/ends-run.ts';
import { user } from '../../src/messages.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const request = (text: string) => ({ messages: [user(text)] });

test('objects of one model id share its limits', async () => {
  const objects = Array.from({ length: 4 }, () => ({ ...scriptedModel('Hi.'), id: 'shared' }));
  const run = memoryRun({ concurrency: 100, limits: { shared: { requestsPerMinute: 60 } } });
  const calls = objects.flatMap((model, object) =>
    Array.from({ length: 10 }, (_, call) => run.model(model).generate(request(`${object} ${call}`))),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  const { calls: answered } = run.stats();
  expect(answered).toBeGreaterThanOrEqual(5);
  expect(answered).toBeLessThanOrEqual(11);
  await vi.advanceTimersByTimeAsync(60_000);
  await Promise.all(calls);
  expect(run.stats().calls).toBe(40);
});

test('an equal call of another object is sent once while it is on its way', async () => {
  const answers = Array.from({ length: 2 }, () => ({ ...scriptedModel('Hi.'), id: 'shared' }));
  const run = memoryRun();
  const calls = answers.map((model) =>
    run
      .model(model)
      .generate(request('Hello'), { place: { task: 'conversations', subject: 'ann', role: 'role-player' } }),
  );
  await vi.advanceTimersByTimeAsync(10);
  await Promise.all(calls);
  expect(run.stats().calls).toBe(1);
});

test('a model that is away holds its calls, is told about once, and fails none of them', async () => {
  const down = new ModelCallError('m', '503 loading.', { status: 503, retryable: true });
  const start = Date.now();
  const model = scriptedModel(() => (Date.now() - start < 60_000 ? down : 'Hi.'));
  const events: RunEvent[] = [];
  const run = memoryRun({ concurrency: 50, onEvent: (event) => events.push(event) });
  const calls = Array.from({ length: 50 }, (_, call) => run.model(model).generate(request(`${call}`)));
  await vi.advanceTimersByTimeAsync(70_000);
  await Promise.all(calls);
  expect(run.stats().calls).toBe(50);
  const news = events.filter(({ type }) => type === 'model-away' || type === 'model-back');
  expect(news).toEqual([
    { type: 'model-away', model: model.id, sinceMs: 0, error: down },
    { type: 'model-back', model: model.id, sinceMs: expect.any(Number), error: down },
  ]);
  expect(events.filter(({ type }) => type === 'call-retry' || type === 'call-error')).toEqual([]);
});

test('a model that is away for longer than the deadline of retries ends the run', async () => {
  const down = new ModelCallError('m', '503 down.', { status: 503, retryable: true });
  const run = memoryRun({ retry: { deadlineMs: 120_000 } });
  const call = run.model(scriptedModel(down)).generate(request('Hello'));
  const failed = expect(call).rejects.toSatisfy(endsRun);
  await vi.advanceTimersByTimeAsync(122_000);
  await failed;
});
