import { expect, test } from 'vitest';
import { monotonicClock, sleepOn } from '../../../src/models/pacing/clock.ts';
import { simulatedTime } from './simulated-time.ts';

test('the process’s clock runs on, calls back once, and forgets a callback that is cancelled', async () => {
  const before = monotonicClock.now();
  const called: string[] = [];
  monotonicClock.after(1, () => called.push('cancelled'))();
  await new Promise<void>((resolve) => monotonicClock.after(20, resolve));
  expect(called).toEqual([]);
  expect(monotonicClock.now()).toBeGreaterThan(before);
});

test('a sleep ends after its time', async () => {
  const time = simulatedTime();
  const slept = sleepOn(time, 5_000).then(() => time.now());
  await time.run();
  expect(await slept).toBe(5_000);
});

test('an abort ends a sleep with the signal’s reason, and leaves no timer and no listener', async () => {
  const time = simulatedTime();
  const controller = new AbortController();
  const slept = sleepOn(time, 5_000, controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(slept).rejects.toBe(reason);
  expect(time.pending).toBe(0);
  await expect(sleepOn(time, 5_000, controller.signal)).rejects.toBe(reason);
  expect(time.pending).toBe(0);
});

test('a signal that is aborted later changes nothing', async () => {
  const time = simulatedTime();
  const controller = new AbortController();
  const slept = sleepOn(time, 10, controller.signal);
  await time.run();
  await slept;
  controller.abort(new Error('late'));
  expect(time.pending).toBe(0);
});
