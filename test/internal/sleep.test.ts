import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sleep } from '../../src/internal/sleep.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A signal that counts its listeners. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  vi.spyOn(signal, 'addEventListener').mockImplementation((_type, listener) => {
    listeners.add(listener);
  });
  vi.spyOn(signal, 'removeEventListener').mockImplementation((_type, listener) => {
    listeners.delete(listener);
  });
  return { signal, listeners };
}

test('sleep waits as long as requested, and removes its listener', async () => {
  const { signal, listeners } = countedSignal();
  let over = false;
  const waiting = sleep(1_000, signal).then(() => {
    over = true;
  });
  expect(listeners.size).toBe(1);
  await vi.advanceTimersByTimeAsync(999);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(listeners.size).toBe(0);
});

test('sleep rejects with the signal’s reason, before and during the wait, and leaves no timer', async () => {
  const reason = new Error('enough');
  await expect(sleep(1_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = sleep(1_000, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});
