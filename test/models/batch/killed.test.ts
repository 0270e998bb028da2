import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BatchServer, type Step, startBatchServer } from './batch-server.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/three-rounds.ts', import.meta.url));
const ROUNDS = 3;
const ROWS = 10;

const EXPECTED = Array.from({ length: ROWS }, (_, index) => `${'Reply to: '.repeat(ROUNDS)}Hello ${index}`);

let folder: string;
let server: BatchServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-batch-killed-'));
  server = await startBatchServer();
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function start(): ChildProcess {
  return spawn(process.execPath, [PROGRAM, server.baseUrl, join(folder, 'run')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function finish(): Promise<unknown> {
  const program = start();
  const [output] = await Promise.all([text(program.stdout!), once(program, 'exit')]);
  expect(program.exitCode).toBe(0);
  return JSON.parse(output);
}

/** Starts the program and kills it at the nth time of a step, before or after the server has done it. */
async function killAt(step: Step, nth: number, when: 'before' | 'after'): Promise<void> {
  const program = start();
  const exited = once(program, 'exit');
  let seen = 0;
  server[when] = async (current) => {
    if (current !== step || ++seen !== nth) return false;
    program.kill('SIGKILL');
    await exited;
    return when === 'before';
  };
  await exited;
  expect(program.signalCode).toBe('SIGKILL');
  server[when] = () => false;
}

/** A batch is paid for once it is created, whether anybody asks for it again or not. */
function expectPaidOnce(): void {
  const paid = server.batches.flatMap(({ rows }) => rows.map(({ custom_id }) => custom_id));
  expect(paid).toHaveLength(ROUNDS * ROWS);
  expect(new Set(paid).size).toBe(ROUNDS * ROWS);
}

describe('a program that is killed', () => {
  test.each(
    [2].flatMap((round) =>
      (['upload', 'create', 'poll', 'content'] as const).flatMap((step) =>
        (['before', 'after'] as const).map((when) => ({ step, when, round })),
      ),
    ),
  )(
    '$when $step of round $round is taken up, and no call is paid for twice',
    async ({ step, when, round }) => {
      // Two looks at each batch.
      await killAt(step, step === 'poll' ? 2 * round : round, when);
      expect(await finish()).toEqual(EXPECTED);
      expectPaidOnce();
    },
  );

  test('at every step, one after the other, still ends with the same replies', async () => {
    const kills = (['upload', 'create', 'poll', 'content'] as const).flatMap((step) => [
      { step, when: 'before' as const },
      { step, when: 'after' as const },
    ]);
    for (const { step, when } of kills) await killAt(step, 1, when);
    expect(await finish()).toEqual(EXPECTED);
    expectPaidOnce();
  });

  test('while it reads the results keeps what it has, and reads the rest again', async () => {
    const program = start();
    const exited = once(program, 'exit');
    let broken = false;
    server.before = async (step, response) => {
      if (step !== 'content' || broken) return false;
      broken = true;
      const content = [...server.files.values()].at(-1)!.content.toString();
      await new Promise<void>((resolve) =>
        response.write(content.slice(0, content.length / 2), () => resolve()),
      );
      // By then the first rows are likely to be stored. Whether they are makes no difference.
      setTimeout(() => program.kill('SIGKILL'), 100);
      await exited;
      response.destroy();
      return true;
    };
    await exited;
    expect(await finish()).toEqual(EXPECTED);
    expectPaidOnce();
  });
});

describe('the file of batches', () => {
  const path = () => join(folder, 'run', 'batches.jsonl');

  test('has two lines a batch, without messages and keys', async () => {
    await finish();
    const lines = (await readFile(path(), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(2 * ROUNDS);
    expect(lines.join()).not.toMatch(/Hello|Bearer|sk-/);
  });

  test.each([
    ['cut off in its last line', async () => truncate(path(), (await readFile(path())).length - 20)],
    ['followed by garbage', () => appendFile(path(), 'garbage')],
  ])('%s still finds the batch at the server', async (_what, damage) => {
    await killAt('poll', 1, 'after');
    await damage();
    expect(await finish()).toEqual(EXPECTED);
    expectPaidOnce();
  });

  test('that is lost costs the open batch, and nothing else', async () => {
    await killAt('poll', 3, 'after');
    await writeFile(path(), '');
    expect(await finish()).toEqual(EXPECTED);
    expect(server.batches).toHaveLength(ROUNDS + 1);
  });

  test('names a batch that the provider no longer has: its calls are sent again', async () => {
    await killAt('poll', 1, 'after');
    server.batches.length = 0;
    expect(await finish()).toEqual(EXPECTED);
    expectPaidOnce();
  });
});
