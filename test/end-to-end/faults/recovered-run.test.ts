import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunConflictError } from '../../../src/errors.ts';
import type { RunEvent } from '../../../src/runs/events.ts';
import { openRun, type Run } from '../../../src/runs/run.ts';
import { type ScriptedModel, scriptedModel } from '../../../src/testing/scripted-model.ts';

let folder: string;
let dir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-recovered-'));
  dir = join(folder, 'run');
});
afterEach(() => rm(folder, { recursive: true }));

const CALLS = 100;

async function work(run: Run, model: ScriptedModel): Promise<void> {
  const wrapped = run.model(model);
  await Promise.all(
    Array.from({ length: CALLS }, (_, index) =>
      wrapped.generate({ messages: [{ role: 'user', content: `Hello ${index}` }] }),
    ),
  );
  await run.close();
}

test('a run whose journal is damaged goes on, says what it kept, and pays for the rest only', async () => {
  await work(await openRun(dir), scriptedModel('All is well with the bees. '.repeat(20)));
  const path = join(dir, 'journal.sqlite');
  const content = await readFile(path);
  await writeFile(path, content.fill(0xff, 0, 4_096).fill(0xff, content.length >> 1, content.length));

  const events: RunEvent[] = [];
  const model = scriptedModel('Fine.');
  const run = await openRun(dir, { onEvent: (event) => events.push(event) });
  await work(run, model);
  const kept = CALLS - model.calls.length;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(CALLS);
  expect(events[0]).toEqual({
    type: 'journal-recovered',
    kept,
    lost: expect.any(Number),
    keptAs: join(dir, 'journal.damaged-1.sqlite'),
  });
  expect(run.stats().spending.calls).toBe(CALLS);
});

test('of two openings of a new run with different seeds, one wins, and the seed is that one’s', async () => {
  const openings = await Promise.allSettled([1, 2].map((seed) => openRun(dir, { seed })));
  const opened = openings.filter((opening) => opening.status === 'fulfilled').map(({ value }) => value);
  const refused = openings.filter((opening) => opening.status === 'rejected').map(({ reason }) => reason);
  expect(opened).toHaveLength(1);
  expect(refused[0]).toBeInstanceOf(RunConflictError);
  const { seed } = JSON.parse(await readFile(join(dir, 'run.json'), 'utf8')) as { seed: number };
  expect(seed).toBe(opened[0]!.seed);
  await opened[0]!.close();
});
