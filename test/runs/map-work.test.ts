import { expect, test } from 'vitest';
import { mapWork } from '../../src/runs/map-work.ts';
import { memoryRun, type Run, type RunWork } from '../../src/runs/run.ts';
import type { WorkList } from '../../src/runs/run-work.ts';

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
      async *map(items, { play }, { signal = new AbortController().signal }) {
        for await (const item of items) yield await play(item, signal);
      },
    },
  };
  expect(await Array.fromAsync(mapWork(run, [5], list, options))).toEqual([25]);
});
