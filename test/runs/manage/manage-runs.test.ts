import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listRuns } from '../../../src/runs/manage/list-runs.ts';
import { mergeRuns } from '../../../src/runs/manage/merge-runs.ts';
import { readRun } from '../../../src/runs/manage/read-run.ts';
import { removeRun } from '../../../src/runs/manage/remove-run.ts';
import { openRun } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/index.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-manage-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const at = (...names: string[]) => join(dir, ...names);

/** Makes a run that has asked for these subjects. */
async function ask(path: string, subjects: readonly string[], answer = 'Yes.', seed = 7): Promise<number> {
  const run = await openRun(path, { seed });
  const model = run.model(scriptedModel(() => answer, { id: 'm' }));
  for (const subject of subjects) {
    const place = { task: 'titles', subject, role: 'editor' };
    await model.generate({ messages: [{ role: 'user', content: subject }] }, { place });
  }
  const { calls } = run.stats();
  await run.close();
  return calls;
}

describe('readRun', () => {
  test('counts calls by model and task, and says nothing of who has it open', async () => {
    await ask(at('a'), ['one', 'two']);
    expect(await readRun(at('a'))).toMatchObject({
      seed: 7,
      calls: 2,
      models: [{ id: 'm', calls: 2 }],
      tasks: { titles: 2 },
      inUseBy: null,
      pausedSince: null,
      isFormer: false,
    });
  });

  test('a run in use can be read, and its process is named', async () => {
    const run = await openRun(at('a'));
    try {
      expect((await readRun(at('a'))).inUseBy).toContain('this process');
    } finally {
      await run.close();
    }
  });

  test('a directory without a run is refused', async () => {
    await expect(readRun(dir)).rejects.toThrow('holds no run');
  });
});

describe('listRuns', () => {
  test('finds runs below the directory in the order of their names, and explains those it cannot read', async () => {
    await ask(at('z'), ['one']);
    await ask(at('deep', 'er', 'a'), ['one', 'two']);
    await mkdir(at('broken'));
    await writeFile(at('broken', 'run.json'), '{"schema":"aloe-run/9"}');
    const runs = await listRuns(dir);
    expect(runs.map((run) => ('problem' in run ? run.problem : run.calls))).toEqual([
      expect.stringContaining('newer version'),
      2,
      1,
    ]);
  });
});

describe('removeRun', () => {
  test('removes the files of the run and nothing else', async () => {
    await ask(at('a'), ['one']);
    const others = ['conversations.jsonl', 'journal.md', 'run.json.bak', 'run.lock.notes'];
    for (const name of others) await writeFile(at('a', name), 'mine');
    const { removed, left } = await removeRun(at('a'));
    expect(removed).toContain('journal.sqlite');
    expect(left.toSorted()).toEqual(others);
    expect((await readdir(at('a'))).toSorted()).toEqual(others);
  });

  test('a directory with nothing else is removed', async () => {
    await ask(at('a'), ['one']);
    // Of batches, and of a pause.
    for (const name of ['batches.jsonl', 'run.steering.jsonl']) await writeFile(at('a', name), '');
    expect((await removeRun(at('a'))).left).toEqual([]);
    expect(await readdir(dir)).toEqual([]);
  });

  test('a run in use, and a directory without a run, are left alone', async () => {
    const run = await openRun(at('a'));
    await expect(removeRun(at('a'))).rejects.toThrow('in use by this process');
    await run.close();
    await writeFile(at('journal.sqlite'), 'not a run');
    await expect(removeRun(dir)).rejects.toThrow('holds no run');
    expect(await readdir(dir)).toContain('journal.sqlite');
  });
});

describe('mergeRuns', () => {
  test('a merged run replays the calls of all', async () => {
    await ask(at('a'), ['one', 'two']);
    await ask(at('b'), ['two', 'three']);
    const runs = await mergeRuns(at('all'), [at('a'), at('b')]);
    expect(runs).toMatchObject([
      { added: 2, same: 0, differing: 0, damaged: 0 },
      { added: 1, same: 1, differing: 0, damaged: 0 },
    ]);
    expect(await ask(at('all'), ['one', 'two', 'three'])).toBe(0);
    expect((await readRun(at('all'))).models).toMatchObject([{ calls: 3 }]);
    expect(await mergeRuns(at('all'), [at('b')])).toMatchObject([{ added: 0, same: 2 }]);
  });

  test('different answers to one call are reported, and the first stays', async () => {
    await ask(at('a'), ['one'], 'Yes.');
    await ask(at('b'), ['one'], 'No.');
    expect(await mergeRuns(at('a'), [at('b')])).toMatchObject([
      { added: 0, differing: 1, differingPlaces: ['titles/one/0/editor/0'] },
    ]);
    const run = await openRun(at('a'));
    const { text } = await run
      .model(scriptedModel(() => 'Neither.', { id: 'm' }))
      .generate(
        { messages: [{ role: 'user', content: 'one' }] },
        { place: { task: 'titles', subject: 'one', role: 'editor' } },
      );
    await run.close();
    expect(text).toBe('Yes.');
  });

  test('damaged rows are left out, and a damaged row of the merged run is replaced', async () => {
    await ask(at('a'), ['one', 'two']);
    await ask(at('b'), ['one', 'two']);
    const damage = (path: string, subject: string) => {
      const database = new DatabaseSync(path);
      database.prepare("UPDATE calls SET value = '{}' WHERE place LIKE ?").run(`%/${subject}/%`);
      database.close();
    };
    damage(at('b', 'journal.sqlite'), 'two');
    damage(at('a', 'journal.sqlite'), 'one');
    expect(await mergeRuns(at('a'), [at('b')])).toMatchObject([{ added: 1, same: 0, damaged: 1 }]);
    expect(await ask(at('a'), ['one', 'two'])).toBe(0);
  });

  test('other seeds, a run in use and a directory given twice are refused before anything is written', async () => {
    await ask(at('a'), ['one']);
    await ask(at('b'), ['one'], 'Yes.', 8);
    await expect(mergeRuns(at('all'), [at('a'), at('b')])).rejects.toThrow('seed 8, not 7');
    await expect(mergeRuns(at('a'), [at('a')])).rejects.toThrow('each directory once');
    await expect(mergeRuns(at('all'), [at('c')])).rejects.toThrow('holds no run');
    const run = await openRun(at('a'));
    await expect(mergeRuns(at('all'), [at('a')])).rejects.toThrow('in use by this process');
    await run.close();
    expect((await readdir(dir)).toSorted()).toEqual(['a', 'b']);
  });

  test('a merge that was aborted goes on from there', async () => {
    const subjects = Array.from({ length: 30 }, (_, index) => `s${index}`);
    await ask(at('a'), subjects);
    await ask(at('b'), ['other']);
    const stop = new AbortController();
    const onEvent = () => stop.abort(new Error('enough'));
    const both = [at('a'), at('b')];
    await expect(mergeRuns(at('all'), both, { onEvent, signal: stop.signal })).rejects.toThrow('enough');
    expect(await mergeRuns(at('all'), both)).toMatchObject([{ added: 0, same: 30 }, { added: 1 }]);
  });
});
