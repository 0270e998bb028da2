import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChatServer } from '../models/chat-server.ts';
import { makeReadOnly } from '../runs/make-read-only.ts';
import { type Finished, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

let cwd: string;
let server: ChatServer;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'aloe-only-read-'));
  server = await startTeacherServer();
  await writeFile(
    join(cwd, 'aloe.config.yaml'),
    `
seed: 7
sameModel: true
models: { default: "openai-compatible:teacher@${server.baseUrl}", embedder: lexical }
personas: { profiles: 20, personalities: 12 }
conversations: { personas: 2, turns: 2 }
export: { formats: [trl-dpo], validationShare: 0 }
evaluation: { candidates: [bare], cases: 1, turns: 2 }
`,
  );
});
afterAll(async () => {
  await server.close();
  await rm(cwd, { recursive: true, force: true });
});

const aloe = (...words: string[]): Promise<Finished> =>
  runAloe(words, { cwd, env: { XDG_CACHE_HOME: join(cwd, 'cache') } });

test('`aloe estimate` creates no run, and reads one that another process works on', {
  timeout: 120_000,
}, async () => {
  const before = await aloe('estimate', '--json');
  expect(before).toMatchObject({ code: 0 });
  expect(JSON.parse(before.stdout).estimate.total.typical.stored).toBe(0);
  expect(existsSync(join(cwd, 'runs'))).toBe(false);

  const answer = server.answer;
  const go = Promise.withResolvers<void>();
  server.answer = async (...call) => {
    if (server.seen.length > 4) await go.promise;
    answer(...call);
  };
  const working = aloe('run');
  await expect.poll(() => server.seen.length, { timeout: 60_000 }).toBeGreaterThan(4);
  const meanwhile = await aloe('estimate', '--json');
  go.resolve();
  expect(meanwhile).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(meanwhile.stdout).estimate.total.typical.stored).toBeGreaterThan(0);
  expect(await working).toMatchObject({ code: 0 });
  server.answer = answer;
});

test('a finished run in a directory that cannot be written to is replayed and exported elsewhere', {
  timeout: 120_000,
}, async (context) => {
  const dir = join(cwd, 'runs', 'aloe');
  const undo = makeReadOnly(dir);
  if (undo === null) return context.skip();
  try {
    const asked = server.seen.length;
    const again = await aloe('run', '--json');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain('cannot be written to. Stored calls are replayed');
    expect(server.seen).toHaveLength(asked);
    const { data, report } = JSON.parse(again.stdout);
    expect(report.startsWith(dir)).toBe(false);
    const rows = (folder: string) => readFile(join(folder, 'trl-dpo.train.jsonl'), 'utf8');
    expect(await rows(data)).toBe(await rows(join(dir, 'data')));

    const refused = await aloe('export');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('cannot be written to. Name another directory with --out DIR.');
    expect(await aloe('export', '--out', 'elsewhere')).toMatchObject({ code: 0 });
    expect(await rows(join(cwd, 'elsewhere'))).toBe(await rows(data));
  } finally {
    undo();
  }
});

test.runIf(process.platform === 'linux')('a run below /proc is refused at once', async () => {
  const refused = await aloe('run', '--run', '/proc/x');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('/proc/x cannot be created');
});
