import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { copyRuns } from '../../../src/cli/runs/copy-runs.ts';
import { listRuns } from '../../../src/runs/manage/list-runs.ts';
import { mergeRuns } from '../../../src/runs/manage/merge-runs.ts';
import { readRun } from '../../../src/runs/manage/read-run.ts';
import { removeRun } from '../../../src/runs/manage/remove-run.ts';
import { openRun } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../stores/postgres-server.ts';

describe.skipIf(!HAS_POSTGRES)('runs in a database', { timeout: 120_000 }, () => {
  let server: PostgresServer;
  let dir: string;
  beforeAll(async () => {
    server = await startPostgres();
    dir = await mkdtemp(join(tmpdir(), 'aloe-moved-'));
  }, 120_000);
  afterAll(async () => {
    server.remove();
    await rm(dir, { recursive: true });
  });

  const SUBJECTS = ['one', 'two', 'ünï ☃ "quoted"'];

  /** Asks for each subject, and returns the answers. */
  async function ask(
    place: string,
    answer: (subject: string) => string,
  ): Promise<{ texts: string[]; calls: number }> {
    const run = await openRun(place, { seed: 7 });
    const model = run.model(scriptedModel(({ messages }) => answer(messages[0]!.content), { id: 'm' }));
    const texts: string[] = [];
    for (const subject of SUBJECTS) {
      const answered = await model.generate(
        { messages: [{ role: 'user', content: subject }] },
        { place: { task: 'titles', subject, role: 'editor' } },
      );
      texts.push(answered.text);
    }
    const { calls } = run.stats();
    await run.close();
    return { texts, calls };
  }

  test('a run that is moved to a directory and back has the same answers', async () => {
    const first = await ask(server.url('first'), (subject) => `On ${subject}: \u0000 \ud83d\ude00`);
    const path = join(dir, 'moved');
    expect(await mergeRuns(path, [server.url('first')])).toMatchObject([
      { added: 3, damaged: 0, differing: 0 },
    ]);
    expect(await ask(path, () => 'bought again')).toEqual({ texts: first.texts, calls: 0 });
    expect(await mergeRuns(server.url('back'), [path])).toMatchObject([
      { added: 3, damaged: 0, differing: 0 },
    ]);
    expect(await ask(server.url('back'), () => 'bought again')).toEqual({ texts: first.texts, calls: 0 });
    expect(await mergeRuns(server.url('back'), [path])).toMatchObject([{ added: 0, same: 3 }]);
    const [there, here] = [await readRun(server.url('back')), await readRun(path)];
    expect([there.models, there.tasks]).toEqual([here.models, here.tasks]);
  });

  test('calls that a directory waits for in batches are counted, since a database cannot wait for them', async () => {
    const path = join(dir, 'in-batches');
    await ask(path, () => 'Yes.');
    const batch = { batch: 'b', provider: 'p', at: new Date(0).toISOString(), rows: ['r1', 'r2'] };
    await writeFile(join(path, 'batches.jsonl'), `${JSON.stringify(batch)}\n`);
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { json } = await copyRuns(server.url('taken'), [path], new AbortController().signal);
    const words = said.mock.calls.join('');
    said.mockRestore();
    expect(json).toMatchObject({ runs: [{ added: 3, inBatches: 2 }] });
    expect(words).toContain(
      `Warning: ${path} waits for 2 calls in batches, which a run in a database cannot`,
    );
    expect(await mergeRuns(join(dir, 'back'), [server.url('taken')])).toMatchObject([{ inBatches: 0 }]);
    await removeRun(server.url('taken'));
  });

  test('a run of another seed is refused', async () => {
    const run = await openRun(server.url('other'), { seed: 8 });
    await run.close();
    await expect(mergeRuns(server.url('other'), [join(dir, 'moved')])).rejects.toThrow('seed 8, not 7');
  });

  test('a run in use is listed as such and not removed; afterwards it is gone, and others are not', async () => {
    const run = await openRun(server.url('back'));
    await expect(removeRun(server.url('back'))).rejects.toThrow(`in use by process ${process.pid}`);
    await run.close();
    await removeRun(server.url('back'));
    await expect(readRun(server.url('back'))).rejects.toThrow('does not exist');
    const names = (await listRuns(`postgres://postgres@127.0.0.1:${server.port}/aloe`)).map(
      (each) => each.dir,
    );
    expect(names.map((name) => new URL(name).searchParams.get('run'))).toEqual(['first', 'other']);
    expect(server.sql('SELECT count(DISTINCT run) FROM aloe.calls')).toBe('1\n');
  });
});
