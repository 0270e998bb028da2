import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
