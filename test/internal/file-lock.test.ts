import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tryLock, withLock } from '../../src/internal/file-lock.ts';
import { sleep } from '../../src/internal/sleep.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a lock is held by one at a time and can be taken again', () => {
  const path = join(folder, 'one');
  const release = tryLock(path, 0);
  expect(release).not.toBeNull();
  expect(tryLock(path, 0)).toBeNull();
  release?.();
  const again = tryLock(path, 0);
  expect(again).not.toBeNull();
  again?.();
});

test('a file that cannot be opened is an error, not a taken lock', () => {
  expect(() => tryLock(join(folder, 'absent', 'lock'), 0)).toThrow(/unable to open/);
});

test('work under one lock never overlaps, even after a failure', async () => {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(20);
    inside -= 1;
    throw new Error('failed');
  };
  const path = join(folder, 'many');
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => withLock(path, work, undefined)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(most).toBe(1);
});

test('waiting for a lock can be aborted', async () => {
  const path = join(folder, 'waiting');
  const release = tryLock(path, 0);
  const reason = new Error('enough');
  const waiting = withLock(path, async () => {}, AbortSignal.abort(reason));
  await expect(waiting).rejects.toBe(reason);
  release?.();
});

test('a lock is kept when nothing refers to it any more', async () => {
  const taker = `
    import { tryLock } from ${JSON.stringify(new URL('../../src/internal/file-lock.ts', import.meta.url).href)};
    tryLock(process.argv[1], 0);
    for (let round = 0; round < 5; round++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      globalThis.gc();
    }
    console.log(tryLock(process.argv[1], 0) === null ? 'held' : 'lost');`;
  const flags = ['--no-warnings', '--expose-gc', '--input-type=module', '--eval', taker];
  const said = execFileSync(process.execPath, [...flags, join(folder, 'lock')], { encoding: 'utf8' });
  expect(said.trim()).toBe('held');
});
