import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { onAbort } from '../../src/internal/on-abort.ts';

describe('onAbort', () => {
  test('calls each listener once, and none that has been removed', () => {
    const controller = new AbortController();
    const reactions = [vi.fn(), vi.fn(), vi.fn()];
    const stop = reactions.map((react) => onAbort(controller.signal, react));
    stop[1]!();
    controller.abort();
    for (const cancel of stop) cancel();
    expect(reactions.map((react) => react.mock.calls.length)).toEqual([1, 0, 1]);
  });

  test('lets a listener remove itself and others when called', () => {
    const controller = new AbortController();
    const calls: string[] = [];
    const cancelFirst = onAbort(controller.signal, () => {
      calls.push('first');
      cancelFirst();
      cancelSecond();
    });
    const cancelSecond = onAbort(controller.signal, () => calls.push('second'));
    onAbort(controller.signal, () => calls.push('third'));
    controller.abort();
    expect(calls).toEqual(['first', 'third']);
  });

  test('shares one listener, and leaves none behind', () => {
    const { signal } = new AbortController();
    const cancels = Array.from({ length: 1_000 }, () => onAbort(signal, () => {}));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    for (const cancel of cancels) cancel();
    for (const cancel of cancels) cancel();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('can listen again after all listeners were removed', () => {
    const controller = new AbortController();
    onAbort(controller.signal, () => {})();
    const react = vi.fn();
    const cancelled = onAbort(controller.signal, () => expect.fail('it was taken back'));
    onAbort(controller.signal, react);
    cancelled();
    cancelled();
    controller.abort();
    expect(react).toHaveBeenCalledTimes(1);
  });
});
