import { expect, test } from 'vitest';
import { memoryRun, type Run, type RunWork } from '../../src/runs/run.ts';
import { mapWork } from '../../src/runs/work/map-work.ts';
import type { WorkList } from '../../src/runs/work/run-work.ts';

const list: WorkList<number, number> = {
  name: 'squares',
  work: (item) => ({ kind: 'case', subject: { item }, outcome: (value) => ({ value }) }),
  setting: () => null,
  content: (item) => item,
  play: async (item) => item * item,
};
const options = { concurrency: 2, order: 'input' } as const;

test('each piece of work is done within the run', async () => {
  const followed: object[] = [];
  const run: Run = {
    ...memoryRun(),
    async within<Value>({ subject, outcome }: RunWork<Value>, play: () => Promise<Value>) {
      const value = await play();
      followed.push({ ...subject, ...outcome(value) });
      return value;
    },
  };
  expect(await Array.fromAsync(mapWork(run, [2, 3], list, options))).toEqual([4, 9]);
  expect(followed).toEqual([
    { item: 2, value: 4 },
    { item: 3, value: 9 },
  ]);
});

test('work that is not followed is just done', async () => {
  const { work: _unfollowed, ...rest } = list;
  const within = () => Promise.reject(new Error('followed'));
  expect(await Array.fromAsync(mapWork({ ...memoryRun(), within }, [2, 3], rest, options))).toEqual([4, 9]);
});

test('a shared run does the work its own way', async () => {
  const run: Run = {
    ...memoryRun(),
    shared: {
      keepRecipe: async () => {},
      show: () => {},
      name: 'shared',
      async *map(items, { play }, { signal = new AbortController().signal }) {
        for await (const item of items) yield await play(item, signal);
      },
    },
  };
  expect(await Array.fromAsync(mapWork(run, [5], list, options))).toEqual([25]);
});

test('work with the concurrency of the run follows it, and work with its own does not', async () => {
  const run = memoryRun({ concurrency: 2 });
  const busy = { run: 0, own: 0 };
  const done = Promise.withResolvers<void>();
  const held = (kind: keyof typeof busy): WorkList<number, number> => ({
    ...list,
    async play(item) {
      busy[kind] += 1;
      await done.promise;
      return item;
    },
  });
  const items = Array.from({ length: 20 }, (_, index) => index);
  const all = Promise.all([
    Array.fromAsync(mapWork(run, items, held('run'), options)),
    Array.fromAsync(mapWork(run, items, held('own'), { ...options, concurrency: 3 })),
  ]);
  await expect.poll(() => busy).toEqual({ run: 2, own: 3 });
  run.steering!.retune({ concurrency: 7 });
  await expect.poll(() => busy).toEqual({ run: 7, own: 3 });
  done.resolve();
  expect(await all).toEqual([items, items]);
});
