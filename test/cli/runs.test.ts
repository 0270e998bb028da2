import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/index.ts';
import { runAloe } from './run-program.ts';

describe('aloe runs', { timeout: 300_000 }, () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'aloe-runs-'));
    for (const name of ['a', 'b']) {
      const run = await openRun(join(cwd, 'runs', name), { seed: 7 });
      const place = { task: 'titles', subject: name, role: 'editor' };
      await run
        .model(scriptedModel(() => 'Yes.', { id: 'm' }))
        .generate({ messages: [{ role: 'user', content: name }] }, { place });
      await run.close();
    }
  });
  afterEach(() => rm(cwd, { recursive: true, force: true }));

  test('list, merge and show', async () => {
    expect((await runAloe(['runs', 'merge', 'runs/all', 'runs/a', 'runs/b'], { cwd })).stderr).toBe(
      'runs/a: 1 new answer, 0 that were there already.\nruns/b: 1 new answer, 0 that were there already.\n',
    );
    const { stdout } = await runAloe(['runs', 'list'], { cwd });
    expect(stdout).toMatch(/^\| `runs\/all` \| idle \| \d+ s ago \| 7 \| 2 \|/m);
    const shown = JSON.parse((await runAloe(['runs', 'show', 'runs/all', '--json'], { cwd })).stdout);
    expect(shown).toMatchObject({ calls: 2, tasks: { titles: 2 } });
  });

  test('merge tells of calls that a run waits for in batches', async () => {
    const batch = { batch: 'b', provider: 'p', at: new Date(0).toISOString(), rows: ['r1', 'r2'] };
    await writeFile(join(cwd, 'runs', 'b', 'batches.jsonl'), `${JSON.stringify(batch)}\n`);
    const { stderr, stdout } = await runAloe(['runs', 'merge', 'runs/a', 'runs/b', '--json'], { cwd });
    expect(stderr).toContain('\nruns/b waits for 2 calls in batches. The merged run takes them up.\n');
    expect(JSON.parse(stdout).runs).toMatchObject([{ dir: 'runs/b', inBatches: 2 }]);
    expect(await readFile(join(cwd, 'runs', 'a', 'batches.jsonl'), 'utf8')).toContain('"rows":["r1","r2"]');
  });

  test('rm asks first: without a terminal and --yes nothing is removed', async () => {
    await writeFile(join(cwd, 'runs', 'a', 'notes.md'), 'mine');
    const refused = await runAloe(['runs', 'rm', 'runs/a'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('Add --yes');
    const { code, stdout } = await runAloe(['runs', 'rm', 'runs/a', '--yes'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('still there: notes.md');
    expect(await readdir(join(cwd, 'runs', 'a'))).toEqual(['notes.md']);
  });

  test('a path without a run is an error of usage', async () => {
    expect((await runAloe(['runs', 'show', 'runs/c'], { cwd })).code).toBe(2);
    const listed = await runAloe(['runs', 'list', 'nowhere'], { cwd });
    expect(listed.code).toBe(2);
    expect(listed.stderr).toContain('nowhere cannot be read');
  });

  test('a directory without any run yet has none', async () => {
    const { code, stdout } = await runAloe(['runs', 'list'], { cwd: join(cwd, 'runs', 'a') });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'No runs in runs.\n' });
  });
});
