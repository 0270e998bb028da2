import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { user } from '../../src/messages.ts';
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
