import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SharedModel, startSharedModel } from '../runs/shared/worker-processes.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../runs/stores/postgres-server.ts';
import { runAloe } from './run-program.ts';

describe.skipIf(!HAS_POSTGRES)('aloe work', { timeout: 300_000 }, () => {
  let server: PostgresServer;
  let model: SharedModel;
  let cwd: string;
  beforeAll(async () => {
    server = await startPostgres();
    model = await startSharedModel(60);
    cwd = await mkdtemp(join(tmpdir(), 'aloe-work-test-'));
  }, 60_000);
  afterAll(async () => {
    await model.close();
    server.remove();
    await rm(cwd, { recursive: true });
  });

  function run(place: string) {
    const sizes = {
      seed: 7,
      concurrency: 2,
      'personas-profiles': 32,
      'personas-personalities': 12,
      'conversations-personas': 12,
      'conversations-turns': 4,
      'evaluation-cases': 8,
      'evaluation-turns': 2,
    };
    const flags = Object.entries(sizes).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const models = [
      '--model',
      `openai-compatible:teacher@${model.baseUrl}`,
      '--embedder',
      'lexical',
      '--same-model',
    ];
    return runAloe(['run', '--run', place, ...flags, ...models], { cwd });
  }

  const read = (...path: string[]) => readFile(join(cwd, 'runs', ...path), 'utf8');

  test('a run that has not begun is an error of usage', async () => {
    const { code, stderr } = await runAloe(['work', server.url('nothing')], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('has not begun');
    expect((await runAloe(['work', 'runs/first'], { cwd })).stderr).toContain(
      'postgres://host/database?run=NAME',
    );
  });

  test('helps until the run is done, writes nothing, and the files are those of one process', async () => {
    expect((await run('runs/alone')).code).toBe(0);
    const needed = model.calls.length;
    const url = server.url('first');
    const main = run(url);
    while (model.calls.length === needed) await sleep(20);
    const helper = await runAloe(['work', url, '--json'], { cwd });
    expect(helper.code).toBe(0);
    expect(JSON.parse(helper.stdout).calls).toBeGreaterThan(0);
    expect((await main).code).toBe(0);
    expect(model.calls.length).toBe(2 * needed);
    expect((await readdir(join(cwd, 'runs'))).toSorted()).toEqual(['alone', 'first']);
    for (const path of [
      'personas.json',
      'conversations.jsonl',
      'data/trl-dpo.train.jsonl',
      'results/bare.json',
    ]) {
      expect(await read('first', path)).toBe(await read('alone', path));
    }
    const again = await runAloe(['work', url], { cwd });
    expect(again.stdout).toContain('is done. 0 calls were made here.');
  });
});
