import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/internal/run-command.ts';
import { writeFakeTrainer } from '../../src/testing/fake-trainer.ts';
import { startFineTuningServer } from '../training/servers/fine-tuning-server.ts';
import { type EngineServer, startServer } from '../training/servers/http-server.ts';
import { startRayServer } from '../training/servers/ray-server.ts';
import { startSlurm } from '../training/slurm/start-slurm.ts';
import { writeSmallData } from '../training/small-job.ts';
import { type Finished, type RunningProgram, runAloe } from './run-program.ts';

const HOOK = `--import=${new URL('die-at-rename.ts', import.meta.url).href}`;
const KEY = 'canary-0123456789abcdef';

// After `kill -9`, the same command finds the job that the engine has: nothing is trained or paid for twice.
describe('aloe train submit that is killed', { timeout: 300_000 }, () => {
  let folder: string;
  let data: { sft: string; dpo: string };
  let python: string;
  let seeds = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe killed-'));
    data = await writeSmallData(folder);
    python = await writeFakeTrainer(join(folder, 'python'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A command for a job that nobody has submitted yet. */
  function command(...engine: string[]): string[] {
    const job = ['--base', 'some/model', '--dpo', data.dpo, '--gpus', '0', '--dpo-option', `seed=${seeds++}`];
    return ['train', 'submit', ...job, ...engine];
  }
  const run = (words: string[], env: Record<string, string> = {}, onStart?: (it: RunningProgram) => void) =>
    runAloe(words, { cwd: folder, env: { KEY, ...env }, ...(onStart && { onStart }) });
  const dies = (words: string[], env: Record<string, string>) => run(words, { NODE_OPTIONS: HOOK, ...env });

  async function submissionOf({
    code,
    stdout,
    stderr,
  }: Finished): Promise<{ handle: { id: string; location: Record<string, string> } }> {
    expect(code, stderr).toBe(0);
    return JSON.parse(await readFile(join(folder, stdout.trim()), 'utf8'));
  }
  const statusOf = async (job: string) =>
    JSON.parse((await run(['train', 'status', '--job', job, '--json'])).stdout).state as string;
  async function untilSucceeded(job: string): Promise<void> {
    await expect.poll(() => statusOf(job), { timeout: 120_000 }).toBe('succeeded');
  }

  test('local: the job runs on, and is found again', async () => {
    const words = command('--python', python, '--dpo-option', 'max_steps=30', '--engine-option', 'graceMs=5');
    expect((await dies(words, { DIE_BEFORE: 'submission.json' })).code).toBeNull();
    const again = await run(words);
    const { handle } = await submissionOf(again);
    await untilSucceeded(again.stdout.trim());
    // Trained once, by the process that the first had started.
    const log = await readFile(join(handle.location.folder!, 'output.log'), 'utf8');
    expect(log.match(/^== dpo$/gm)).toHaveLength(1);
  });

  test('local: a job that was recorded but not started yet is started', async () => {
    const words = command('--python', python);
    expect((await dies(words, { DIE_AFTER: 'process.json' })).code).toBeNull();
    const again = await run(words);
    await submissionOf(again);
    await untilSucceeded(again.stdout.trim());
  });

  describe.each(['ray', 'hosted'] as const)('%s', (name) => {
    const flags = (url: string) =>
      name === 'ray'
        ? ['--backend', 'ray', '--address', url, '--shared-dir', join(folder, 'shared'), '--python', python]
        : ['--backend', 'hosted', '--base-url', `${url}/v1`];

    test.each(['it writes its file', 'it has the answer'])(
      'before %s finds the job again',
      async (moment) => {
        const { server, jobs } = await start(name);
        let program: RunningProgram | undefined;
        const proxy = await startServer(async (seen, response) => {
          const answer = await forward(server.url, seen);
          const isSubmission = seen.method === 'POST' && /\/jobs\/?$/.test(seen.url.pathname);
          if (isSubmission && moment === 'it has the answer') program?.kill();
          response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
        });
        const words = command(...flags(proxy.url), '--key-env', 'KEY');
        const first =
          moment === 'it has the answer'
            ? run(words, {}, (it) => {
                program = it;
              })
            : dies(words, { DIE_BEFORE: 'submission.json' });
        expect((await first).code).toBeNull();
        expect(jobs()).toBe(1);
        program = undefined;
        const { handle } = await submissionOf(await run(words));
        expect(jobs()).toBe(1);
        // And as often as one likes.
        expect((await submissionOf(await run(words))).handle).toEqual(handle);
        await proxy.close();
        await server.close();
      },
    );
  });

  test.runIf(process.env.ALOE_TEST_TRAINING).each([
    ['it writes its file', 'runs', 10_000],
    ['it has the answer', 'has ended', 2],
  ])('slurm: before %s finds the job again, which %s', async (moment, _state, steps) => {
    const cluster = await startSlurm();
    try {
      const bin = join(folder, 'bin');
      await mkdir(bin, { recursive: true });
      const { stdout: real } = await runCommand(['sh', '-c', 'command -v sbatch']);
      const killing = `#!/bin/sh\n${real.trim()} "$@"\nkill -9 $PPID\n`;
      await writeFile(join(bin, 'sbatch'), killing, { mode: 0o755 });
      const words = command('--backend', 'slurm', '--python', python, '--dpo-option', `max_steps=${steps}`);
      const first =
        moment === 'it has the answer'
          ? run(words, { ...cluster.environment, PATH: `${bin}:${process.env.PATH}` })
          : dies(words, { ...cluster.environment, DIE_BEFORE: 'submission.json' });
      expect((await first).code).toBeNull();
      const queue = async (...words: string[]) =>
        (
          await runCommand(['squeue', '-h', '--format=%i', ...words], {
            env: { ...process.env, ...cluster.environment },
          })
        ).stdout.trim();
      const untilEmpty = () => expect.poll(() => queue(), { timeout: 60_000 }).toBe('');
      if (steps === 2) await untilEmpty();
      const again = await run(words, cluster.environment);
      const { handle } = await submissionOf(again);
      expect(await queue('--states=all')).toBe(handle.location.jobId);
      const cancelled = await run(['train', 'cancel', '--job', again.stdout.trim()], cluster.environment);
      expect(cancelled.code, cancelled.stderr).toBe(0);
      await untilEmpty();
    } finally {
      await cluster.stop();
    }
  });
});

/** A server in the engine's place, and how many jobs it has accepted. */
async function start(engine: 'ray' | 'hosted'): Promise<{ server: EngineServer; jobs: () => number }> {
  if (engine === 'ray') {
    const server = await startRayServer({ token: KEY });
    return { server, jobs: () => server.submissions.length };
  }
  const server = await startFineTuningServer(KEY, () => 'running');
  return { server, jobs: () => server.jobs.length };
}

/** Sends a request on. Not with `fetch`, which Ray takes for a browser's. */
async function forward(
  server: string,
  { method, url, headers, body }: EngineServer['seen'][number],
): Promise<{ status: number; body: Buffer }> {
  const target = new URL(url.pathname + url.search, server);
  return new Promise((resolve, reject) => {
    const sent = request(target, { method, headers: { ...headers, host: target.host } }, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, body: await buffer(answer) });
    });
    sent.on('error', reject).end(body);
  });
}
