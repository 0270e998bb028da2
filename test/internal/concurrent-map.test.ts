import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { type ConcurrentMapOptions, concurrentMap } from '../../src/internal/concurrent-map.ts';

const options = (given: Partial<ConcurrentMapOptions> = {}): ConcurrentMapOptions => ({
  concurrency: 3,
  order: 'finish',
  ...given,
});

/** Work whose end the test decides, and a record of what was begun. */
function manualWork() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve(): void; reject(error: unknown): void }>();
  const signals: AbortSignal[] = [];
  const work = (item: number, signal: AbortSignal) => {
    begun.push(item);
    signals.push(signal);
    return new Promise<string>((resolve, reject) => {
      ends.set(item, { resolve: () => resolve(`result ${item}`), reject });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const end = (item: number) => ends.get(item)!.resolve();
  const fail = (item: number, error: unknown) => ends.get(item)!.reject(error);
  return { begun, work, end, fail, signals };
}

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('concurrentMap', () => {
  test('the last items of a known number start early, up to twice as many as the others', async () => {
    const { begun, work, end } = manualWork();
    const results = Array.fromAsync(
      concurrentMap([0, 1, 2, 3, 4, 5, 6], work, options({ concurrency: 2, size: 7 })),
    );
    await settle();
    expect(begun).toEqual([0, 1]);
    for (const item of [0, 1, 2]) {
      end(item);
      await settle();
    }
    // Two are left to start, and are in progress beside the two before them.
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const item of [3, 4, 5, 6]) end(item);
    expect(await results).toHaveLength(7);
  });

  test('yields every result once, in either order, however long each takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5)),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        async (delays, concurrency, asynchronous) => {
          async function* later() {
            yield* delays.entries();
          }
          const work = async ([index, ticks]: [number, number]) => {
            for (let i = 0; i < ticks; i++) await Promise.resolve();
            return index;
          };
          const indices = delays.map((_, index) => index);
          const run = (order: 'finish' | 'input') =>
            Array.fromAsync(
              concurrentMap(asynchronous ? later() : delays.entries(), work, { concurrency, order }),
            );
          expect(await run('input')).toEqual(indices);
          expect((await run('finish')).toSorted((a, b) => a - b)).toEqual(indices);
        },
      ),
    );
  });

  test('yields results as they finish, or in the order of the items', async () => {
    for (const order of ['finish', 'input'] as const) {
      const { work, end } = manualWork();
      const given: string[] = [];
      const reading = (async () => {
        for await (const result of concurrentMap([1, 2, 3], work, options({ order }))) given.push(result);
      })();
      await settle();
      end(3);
      await settle();
      expect(given).toEqual(order === 'finish' ? ['result 3'] : []);
      end(1);
      end(2);
      await reading;
      expect(given).toEqual((order === 'finish' ? [3, 1, 2] : [1, 2, 3]).map((item) => `result ${item}`));
    }
  });

  test('processes as many items at once as allowed, and no more', async () => {
    const { work, begun, end } = manualWork();
    const reading = Array.fromAsync(concurrentMap([1, 2, 3, 4, 5], work, options()));
    await settle();
    expect(begun).toEqual([1, 2, 3]);
    end(2);
    await settle();
    expect(begun).toEqual([1, 2, 3, 4]);
    for (const item of [1, 3, 4]) end(item);
    await settle();
    end(5);
    expect(await reading).toHaveLength(5);
  });

  test('takes no new items while the reader is not asking for results', async () => {
    let taken = 0;
    function* endless(): Generator<number> {
      for (;;) yield taken++;
    }
    const results = concurrentMap(endless(), async (item) => item, options());
    await settle();
    expect(taken).toBe(0);
    await results.next();
    await settle();
    const afterOne = taken;
    expect(afterOne).toBeLessThanOrEqual(3 * 5);
    await settle();
    expect(taken).toBe(afterOne);
    await results.return(undefined);
  });

  test('does not run far ahead of a slow first item when the order is kept', async () => {
    let taken = 0;
    function* endless(): Generator<number> {
      for (;;) yield taken++;
    }
    const results = concurrentMap(
      endless(),
      (item, signal) =>
        item > 0
          ? Promise.resolve(item)
          : new Promise<number>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      options({ order: 'input' }),
    );
    const first = results.next();
    first.catch(() => {});
    for (let i = 0; i < 50; i++) await settle();
    expect(taken).toBeLessThanOrEqual(3 * 5);
    expect(taken).toBeGreaterThan(3);
  });

  test('yields results while the source is slow with the next item', async () => {
    async function* slow(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    const results = concurrentMap(slow(), async (item) => item, options());
    expect(await results.next()).toEqual({ done: false, value: 1 });
  });

  test('aborts other work and closes the source when the reader leaves', async () => {
    const { work, end, signals } = manualWork();
    let closed = false;
    function* items() {
      try {
        for (let item = 1; ; item++) yield item;
      } finally {
        closed = true;
      }
    }
    for await (const result of concurrentMap(
      items(),
      (item, signal) => {
        const result = work(item, signal);
        if (item === 3) end(2);
        return result;
      },
      options(),
    )) {
      expect(result).toBe('result 2');
      break;
    }
    expect(signals.every((signal) => signal.aborted)).toBe(true);
    expect(closed).toBe(true);
  });

  test('throws the first failure after the finished results, and aborts other work', async () => {
    const { work, end, fail, signals } = manualWork();
    const given: string[] = [];
    const reading = (async () => {
      for await (const result of concurrentMap([1, 2, 3], work, options())) given.push(result);
    })();
    reading.catch(() => {});
    await settle();
    end(3);
    fail(1, new Error('boom'));
    fail(2, new Error('later'));
    await expect(reading).rejects.toThrow('boom');
    expect(given).toEqual(['result 3']);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
  });

  test('keeps a failure for a busy reader, without an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      const { work, end, fail } = manualWork();
      const results = concurrentMap([1, 2, 3], work, options({ concurrency: 2 }));
      const first = results.next();
      await settle();
      end(1);
      await first;
      await settle();
      fail(2, new Error('boom'));
      await settle();
      await settle();
      expect(unhandled).not.toHaveBeenCalled();
      await expect(results.next()).rejects.toThrow('boom');
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  test('throws errors that work throws synchronously, and errors of the source', async () => {
    const work = (): Promise<number> => {
      throw new Error('work');
    };
    await expect(Array.fromAsync(concurrentMap([1], work, options()))).rejects.toThrow('work');
    function* broken(): Generator<number> {
      yield 1;
      throw new Error('source');
    }
    const given: number[] = [];
    const reading = (async () => {
      for await (const item of concurrentMap(broken(), async (item) => item, options())) given.push(item);
    })();
    await expect(reading).rejects.toThrow('source');
    expect(given).toEqual([1]);
  });

  test('throws the signal’s reason, whatever the work throws', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const work = (_item: number, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('wrapped'))));
    const reading = Array.fromAsync(concurrentMap([1, 2], work, options({ signal: controller.signal })));
    reading.catch(() => {});
    await settle();
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(
      Array.fromAsync(concurrentMap([1], work, options({ signal: AbortSignal.abort(reason) }))),
    ).rejects.toBe(reason);
  });

  test('ends on an abort while the source is pending', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    async function* hanging(): AsyncGenerator<number> {
      await new Promise(() => {});
      yield 1;
    }
    const reading = Array.fromAsync(
      concurrentMap(hanging(), async (item) => item, options({ signal: controller.signal })),
    );
    reading.catch(() => {});
    await settle();
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
