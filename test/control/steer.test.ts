import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { channelsToTry } from '../../src/control/channel-path.ts';
import { connectToRun } from '../../src/control/connect.ts';
import type { LiveState } from '../../src/control/live-state.ts';
import type { PauseReply, RetuneReply } from '../../src/control/protocol.ts';
import { RunConflictError } from '../../src/errors.ts';
import { openRun } from '../../src/runs/run.ts';
import { runAloe } from '../cli/run-program.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';

const FIXTURE = fileURLToPath(new URL('./fixtures/steered-run.ts', import.meta.url));

let folder: string;
let dir: string;
let server: ChatServer;
/** Requests that wait for their answer. */
let held: (() => void)[];
let program: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-steer-'));
  dir = join(folder, 'run');
  held = [];
  server = await startChatServer((_body, response) => {
    held.push(() => send(response, completion('Hi.')));
  });
});
afterEach(async () => {
  program?.kill('SIGKILL');
  await server.close();
  await rm(folder, { recursive: true });
});

/** Starts a program that makes calls, and waits until its run listens. */
async function start(calls: number): Promise<{ said: () => string; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, [FIXTURE, dir, server.baseUrl, String(calls)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  program = child;
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  await expect.poll(() => words, { timeout: 30_000 }).toContain('open');
  return { said: () => words, ended };
}

const answerHeld = () => {
  for (const answer of held.splice(0)) answer();
};
const seen = () => server.seen.length;

async function state(): Promise<LiveState> {
  const client = await connectToRun(dir);
  try {
    return (await client.ask({ do: 'state' })) as LiveState;
  } finally {
    client.close();
  }
}

describe('a run in another process', { timeout: 120_000 }, () => {
  test('is paused, retuned and resumed by commands, and ends as if nothing had been', async () => {
    const { said, ended } = await start(9);
    await expect.poll(seen, { timeout: 30_000 }).toBe(2);

    const paused = await runAloe(['runs', 'pause', dir, '--json']);
    expect(JSON.parse(paused.stdout)).toMatchObject({ changed: true, inFlight: 2 });
    answerHeld();
    await expect.poll(async () => (await state()).progress.calls).toBe(2);
    expect(await state()).toMatchObject({
      run: dir,
      pid: program!.pid,
      stage: 'asking',
      pausedSince: expect.any(String),
      progress: { paused: true, calls: 2 },
      models: [{ model: 'teacher@r1', calls: 2, inFlight: 0 }],
    });
    // Nothing else was sent, and the process still waits.
    expect(seen()).toBe(2);
    expect(program!.exitCode).toBeNull();

    const retuned = await runAloe(['runs', 'retune', dir, '--concurrency', '5', '--budget-tokens', '1e6']);
    expect(retuned.stdout).toBe(`Changed ${dir}: concurrency 2 -> 5, token budget none -> 1000000.\n`);
    const watched = await runAloe(['runs', 'watch', dir]);
    expect(watched.stdout).toMatch(/PAUSED for \d+ s\./);
    expect(watched.stdout).toMatch(/^All processes of the run so far: 2 calls, 50 tokens of 1\.0M/m);
    expect(watched.stdout).toMatch(/\| teacher@r1 \| 0 \| 0 \|/);

    expect((await runAloe(['runs', 'resume', dir])).stdout).toBe(`Resumed ${dir}.\n`);
    await expect.poll(seen).toBe(7);
    answerHeld();
    await expect.poll(seen).toBe(9);
    answerHeld();
    expect(await ended).toBe(0);
    expect(said().match(/answered/g)).toHaveLength(9);
    const recorded = readFileSync(join(dir, 'run.steering.jsonl'), 'utf8').trim().split('\n');
    expect(recorded.map((line) => JSON.parse(line).type)).toEqual([
      'run-paused',
      'run-retuned',
      'run-resumed',
    ]);
  });

  test('refuses what is wrong, says why, and goes on as it was', async () => {
    await start(3);
    await expect.poll(seen, { timeout: 30_000 }).toBe(2);
    const client = await connectToRun(dir);
    const refused = [
      client.ask({ do: 'retune', changes: { concurrency: 0.5 } }),
      client.ask({ do: 'retune', changes: { budget: { usd: 5 } } }),
      client.ask({ do: 'retune', changes: { limits: { other: { requestsPerMinute: 5 } } } }),
      client.ask({ do: 'stop' } as never),
    ];
    const reasons = (await Promise.allSettled(refused)).map((own) =>
      String((own as PromiseRejectedResult).reason),
    );
    expect(reasons[0]).toMatch(/concurrency/);
    expect(reasons[1]).toMatch(/prices\["teacher@r1"\].*a price, because the budget is in dollars/);
    expect(reasons[2]).toMatch(/no model "other".*teacher/);
    expect(reasons[3]).toMatch(/Invalid/);
    const unchanged = (await client.ask({ do: 'retune', changes: {} })) as RetuneReply;
    expect(unchanged.after).toMatchObject({ concurrency: 2, budget: { usd: null } });
    client.close();
    const usage = await runAloe(['runs', 'retune', dir, '--rpm', 'fast']);
    expect(usage).toMatchObject({ code: 2, stdout: '' });
  });

  test('that was killed is not said to be open, and its socket is taken over by the next one', async () => {
    const { ended } = await start(3);
    const path = channelsToTry(dir).find((each) => existsSync(each))!;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    const client = await connectToRun(dir);
    expect(((await client.ask({ do: 'pause' })) as PauseReply).changed).toBe(true);
    program!.kill('SIGKILL');
    await ended;
    await expect(client.ask({ do: 'state' })).rejects.toThrow(RunConflictError);
    expect(existsSync(path)).toBe(true);
    const gone = await runAloe(['runs', 'resume', dir]);
    expect(gone).toMatchObject({ code: 2, stdout: '' });
    expect(gone.stderr).toContain(`No process has ${dir} open.`);

    // It is not paused: a pause belongs to the process.
    held = [];
    const again = await start(3);
    expect((await state()).pausedSince).toBeNull();
    await expect.poll(() => held.length, { timeout: 30_000 }).toBe(2);
    answerHeld();
    await expect.poll(() => held.length).toBe(1);
    answerHeld();
    expect(await again.ended).toBe(0);
    expect(existsSync(path)).toBe(false);
  });
});

test('a process that is stopped is told from one that is gone', { timeout: 60_000 }, async () => {
  await start(1);
  program!.kill('SIGSTOP');
  const client = await connectToRun(dir, { answerMs: 500 });
  await expect(client.ask({ do: 'state' })).rejects.toThrow(/has not answered for/);
  program!.kill('SIGCONT');
  const again = await connectToRun(dir);
  expect(await again.ask({ do: 'state' })).toMatchObject({ pid: program!.pid });
  again.close();
});

test('a run that does not listen is named with its process', async () => {
  const run = await openRun(dir);
  await expect(connectToRun(dir)).rejects.toThrow(/is in use by this process.* cannot be reached from here/);
  await run.close();
  await expect(connectToRun(dir)).rejects.toThrow(`No process has ${dir} open.`);
  await expect(connectToRun(join(folder, 'other'))).rejects.toThrow(/a run directory/);
});
