import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sleep } from '../../../src/internal/sleep.ts';
import { writeFakeTrainer } from '../../../src/testing/index.ts';
import { readExitCode, writeJobFolder } from '../../../src/training/folder/job-folder.ts';
import { renderJob } from '../../../src/training/folder/render-job.ts';
import { makeSmallJob } from '../small-job.ts';

// Bash runs the script.
describe.skipIf(process.platform === 'win32')('run.sh on several nodes', () => {
  let folder: string;
  let trainer: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe nodes-'));
    trainer = await writeFakeTrainer(join(folder, 'trainer'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function place(name: string): Promise<string> {
    const options = { gradient_accumulation_steps: 1 };
    const job = await makeSmallJob(folder, {
      resources: { gpus: 0, nodes: 3 },
      sftOptions: options,
      dpoOptions: options,
    });
    const jobFolder = join(folder, name);
    await writeJobFolder(jobFolder, await renderJob(job), undefined);
    return jobFolder;
  }

  const startNode = (jobFolder: string, rank: number, python: string): ChildProcess =>
    spawn('bash', [join(jobFolder, 'run.sh')], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        ALOE_PYTHON: python,
        NODE_RANK: String(rank),
        MASTER_ADDR: '127.0.0.1',
      },
    });

  const exitCodes = (nodes: readonly ChildProcess[]): Promise<number[]> =>
    Promise.all(nodes.map(async (node) => node.exitCode ?? ((await once(node, 'exit'))[0] as number)));

  /** The exit codes of all nodes. Only the first node uses `first`. */
  const run = (jobFolder: string, first: string, others: string): Promise<number[]> =>
    exitCodes([first, others, others].map((python, rank) => startNode(jobFolder, rank, python)));

  async function program(name: string, lines: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!/usr/bin/env bash\n${lines}\n`, { mode: 0o755 });
    return path;
  }

  /** Trainers meet before they train. So no node starts when the first one has failed already. */
  const MEET = 'echo >>met\nuntil [ "$(wc -l <met)" -ge 3 ]; do sleep 0.05; done';

  test('ends on all when the trainers exit with 0 and leave nothing', async () => {
    const idle = await program('idle', `${MEET}\nexit 0`);
    const jobFolder = await place('empty');
    expect(await run(jobFolder, idle, idle)).toEqual([1, 1, 1]);
    expect(await readExitCode(jobFolder)).toBe(1);
    expect(await readdir(join(jobFolder, 'done'))).toEqual([]);
  });

  test('ends on all when a step of the first node leaves nothing, and goes on when asked again', async () => {
    // Trains, but merges nothing.
    const careless = await program(
      'careless',
      `${MEET}\ncase "$1" in *merge*) exit 0;; esac\nexec '${trainer}' "$@"`,
    );
    const idle = await program('other', `${MEET}\nexit 0`);
    const jobFolder = await place('stopped');
    expect(await run(jobFolder, careless, idle)).toEqual([1, 1, 1]);
    expect(await readdir(join(jobFolder, 'done'))).toEqual(['sft']);
    expect(await run(jobFolder, trainer, idle)).toEqual([0, 0, 0]);
    expect(await readExitCode(jobFolder)).toBe(0);
  });

  test('the exit code of an earlier attempt ends no node, however late the first one starts', async () => {
    // Says that it was there, and trains nothing.
    const seen = join(folder, 'seen');
    const waiting = await program('waiting', `echo "$NODE_RANK" >>'${seen}'`);
    const jobFolder = await place('late');
    await writeFile(join(jobFolder, 'exit_code'), '1\n');
    const others = [1, 2].map((rank) => startNode(jobFolder, rank, waiting));
    await vi.waitFor(async () => expect((await readFile(seen, 'utf8')).split('\n')).toHaveLength(3), 20_000);
    // They wait for the first node now, and look twice.
    await sleep(2_500);
    expect(others.map(({ exitCode }) => exitCode)).toEqual([null, null]);
    expect(await exitCodes([startNode(jobFolder, 0, trainer), ...others])).toEqual([0, 0, 0]);
    expect((await readdir(join(jobFolder, 'done'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
