import { describe, expect, test } from 'vitest';
import { orAborted, untilAborted } from '../../src/internal/until-aborted.ts';

async function collect(
  source: AsyncIterable<number>,
  onItem: (item: number) => void = () => {},
): Promise<number[]> {
  const items: number[] = [];
  for await (const item of source) {
    items.push(item);
    onItem(item);
  }
  return items;
}

test('orAborted does not wait if the signal has fired already', async () => {
  const reason = new Error('enough');
  await expect(orAborted(new Promise(() => {}), AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(orAborted(Promise.reject(new Error('late')), AbortSignal.abort(reason))).rejects.toBe(reason);
});

describe('untilAborted', () => {
  test('yields the items of plain and async iterables', async () => {
    async function* count() {
      yield* [1, 2, 3];
    }
    expect(await collect(untilAborted([1, 2, 3], undefined))).toEqual([1, 2, 3]);
    expect(await collect(untilAborted(count(), new AbortController().signal))).toEqual([1, 2, 3]);
  });

  test('throws the reason while the next item is pending', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    async function* stuck() {
      yield 1;
      await new Promise(() => {});
    }
    const result = collect(untilAborted(stuck(), controller.signal), () =>
      queueMicrotask(() => controller.abort(reason)),
    );
    await expect(result).rejects.toBe(reason);
  });

  test('closes the source, and waits for it, when the reader fails', async () => {
    let cleaned = false;
    async function* source() {
      try {
        yield* [1, 2, 3];
      } finally {
        await new Promise((resolve) => setImmediate(resolve));
        cleaned = true;
      }
    }
    const failing = collect(untilAborted(source(), undefined), () => {
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(cleaned).toBe(true);
  });

  test('rethrows what the source throws', async () => {
    const broken = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('source')) }),
    } as AsyncIterable<number>;
    await expect(collect(untilAborted(broken, new AbortController().signal))).rejects.toThrow('source');
  });

  test('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    }) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    }) as typeof remove;
    await collect(untilAborted([1, 2, 3], signal));
    expect(listeners).toBe(0);
  });
});
