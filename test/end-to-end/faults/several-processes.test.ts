import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRun } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';

const OPENER = fileURLToPath(new URL('./fixtures/open-when-told.ts', import.meta.url));
const PROCESSES = 20;

let folder: string;
let dir: string;
const started: ChildProcessWithoutNullStreams[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-processes-'));
  dir = join(folder, 'run');
});
afterEach(async () => {
  for (const opener of started.splice(0)) {
    if (opener.exitCode !== null || opener.signalCode !== null) continue;
    opener.kill('SIGKILL');
    await once(opener, 'exit');
  }
  await rm(folder, { recursive: true });
});

function startOpener(): {
  readonly opener: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterator<string>;
} {
  const opener = spawn(process.execPath, ['--no-warnings', OPENER, dir]);
  started.push(opener);
  return { opener, lines: createInterface(opener.stdout)[Symbol.asyncIterator]() };
}

test(`of ${PROCESSES} processes that open one run at once, exactly one gets it, the others are told its name, and after kill -9 it is free`, async () => {
  const openers = Array.from({ length: PROCESSES }, startOpener);
  for (const { lines } of openers) expect((await lines.next()).value).toBe('ready');
  for (const { opener } of openers) opener.stdin.write('go\n');
  const answers = await Promise.all(
    openers.map(async ({ opener, lines }) => ({ opener, said: String((await lines.next()).value) })),
  );
  const holders = answers.filter(({ said }) => said === 'open').map(({ opener }) => opener);
  expect(holders).toHaveLength(1);
  const [holder] = holders;
  for (const { said } of answers.filter(({ opener }) => opener !== holder)) {
    expect(said).toContain(`is in use by process ${holder!.pid} on `);
  }
  holder!.kill('SIGKILL');
  await once(holder!, 'exit');
  const run = await openRun(dir);
  await run.close();
}, 600_000);

test('another process reads what is committed while the run writes, and keeps nobody waiting', async () => {
  const count = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1], { readOnly: true });
    console.log(database.prepare('SELECT COUNT(*) AS rows FROM calls').get().rows);`;
  const run = await openRun(dir);
  const model = run.model(scriptedModel('Fine.'));
  let made = 0;
  const ask = async () => {
    made += 1;
    await model.generate({ messages: [{ role: 'user', content: `Hello ${made}` }] });
  };
  for (const more of [1, 10, 100]) {
    await Promise.all(Array.from({ length: more }, ask));
    const read = execFileSync(process.execPath, ['--no-warnings', '-e', count, join(dir, 'journal.sqlite')]);
    expect(Number(read.toString())).toBe(made);
  }
  await run.close();
});
