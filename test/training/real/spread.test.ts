import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../src/internal/run-command.ts';
import { sleep } from '../../../src/internal/sleep.ts';
import { slurm } from '../../../src/training/backends/slurm.ts';
import { readFolderMetrics } from '../../../src/training/folder/folder-metrics.ts';
import { exists, readExitCode, writeJobFolder } from '../../../src/training/folder/job-folder.ts';
import { renderJob } from '../../../src/training/folder/render-job.ts';
import { isFinal } from '../../../src/training/follow-training.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import { type SlurmCluster, startSlurm } from '../slurm/start-slurm.ts';
import { prepareRealTrial, type RealTrial, untilStatus } from './real-trial.ts';
import { trainersIn, untilNoTrainersIn } from './trainers-in.ts';

const MINUTES = 60_000;

describe.runIf(process.env.ALOE_TEST_TRAINING)('TRL on two nodes', () => {
  let folder: string;
  let trial: RealTrial;
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "aloe spread's $(touch pwned) [b] *? $HOME -")));
    trial = await prepareRealTrial(folder);
  }, 15 * MINUTES);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Evaluated as often as checkpoints are written. */
  async function makeJob(steps: number, every: number): Promise<TrainingJob> {
    const job = await trial.job(steps, {
      resources: { gpus: 0, nodes: 2 },
      dpoOptions: { max_steps: steps, max_length: 128, learning_rate: 1e-3, save_steps: every },
    });
    return { ...job, stages: job.stages.map((stage) => ({ ...stage, validation: stage.train })) };
  }

  describe('on this machine, as srun would start them', () => {
    async function place(name: string, job: TrainingJob): Promise<string> {
      const jobFolder = join(folder, name);
      await writeJobFolder(jobFolder, await renderJob(job), undefined);
      return jobFolder;
    }
    async function start(jobFolder: string): Promise<ChildProcess[]> {
      const log = openSync(join(jobFolder, 'output.log'), 'a');
      const port = String(await freePort());
      return ['0', '1'].map((rank) =>
        spawn('bash', [join(jobFolder, 'run.sh')], {
          detached: true,
          stdio: ['ignore', log, log],
          env: {
            ...process.env,
            ALOE_PYTHON: trial.python,
            NODE_RANK: rank,
            MASTER_ADDR: '127.0.0.1',
            MASTER_PORT: port,
          },
        }),
      );
    }
    const ends = async (nodes: readonly ChildProcess[]) =>
      Promise.all(nodes.map(async (node) => node.exitCode ?? (await once(node, 'exit'))[0]));
    async function untilStep(jobFolder: string, step: number, nodes: readonly ChildProcess[]): Promise<void> {
      while (((await readFolderMetrics(jobFolder)).at(-1)?.step ?? 0) < step) {
        const log = await readFile(join(jobFolder, 'output.log'), 'utf8');
        expect(
          nodes.map(({ exitCode }) => exitCode),
          log.slice(-2_000),
        ).toEqual([null, null]);
        await sleep(200);
      }
    }

    test(
      'DPO that is killed on both goes on from its checkpoint: each step once, one adapter, one model',
      async () => {
        const jobFolder = await place('killed', await makeJob(12, 3));
        const first = await start(jobFolder);
        await untilStep(jobFolder, 5, first);
        expect((await trainersIn(jobFolder)).map(({ rank }) => rank)).toEqual([0, 1]);
        for (const { pid } of first) process.kill(-pid!, 'SIGKILL');
        // They are in no group of their node.
        await untilNoTrainersIn(jobFolder);
        expect(await readExitCode(jobFolder)).toBeNull();

        const second = await start(jobFolder);
        expect(await ends(second), await readFile(join(jobFolder, 'output.log'), 'utf8')).toEqual([0, 0]);
        expect(await readExitCode(jobFolder)).toBe(0);
        expect((await readdir(join(jobFolder, 'done'))).sort()).toEqual(['dpo', 'dpo-merge']);
        const metrics = await readFolderMetrics(jobFolder);
        const trained = metrics.filter(({ values }) => values.loss !== undefined);
        expect(trained.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        expect(trained.at(-1)!.values['rewards/margins']).toBeGreaterThan(0.05);
        const evaluated = metrics.filter(({ values }) => values.eval_loss !== undefined);
        expect(evaluated.map(({ step }) => step)).toEqual([3, 6, 9, 12]);
        expect(await exists(join(jobFolder, 'dpo/adapter/adapter_model.safetensors'))).toBe(true);
        expect(await exists(join(jobFolder, 'dpo/model/model.safetensors'))).toBe(true);
        const log = await readFile(join(jobFolder, 'output.log'), 'utf8');
        // Both from the same, whichever was the newest. They write into each other's lines.
        const [one, other] = log.match(/Resuming from \S*checkpoint-\d+/g) ?? [];
        expect(one).toBeDefined();
        expect(other).toBe(one);
        expect(log.match(/^== dpo-merge$/gm)).toHaveLength(1);
      },
      5 * MINUTES,
    );

    test(
      'a trainer of the second that dies fails the job on both',
      async () => {
        const jobFolder = await place('failing', await makeJob(1_000, 500));
        const nodes = await start(jobFolder);
        await untilStep(jobFolder, 2, nodes);
        process.kill((await trainersIn(jobFolder))[1]!.pid, 'SIGKILL');
        expect(await ends(nodes)).toEqual([1, 1]);
        expect(await readExitCode(jobFolder)).toBe(1);
        expect(await readdir(join(jobFolder, 'done'))).toEqual([]);
        await untilNoTrainersIn(jobFolder);
      },
      3 * MINUTES,
    );
  });

  describe('of Slurm', () => {
    let cluster: SlurmCluster;
    beforeAll(async () => {
      cluster = await startSlurm({ nodes: 2 });
    }, MINUTES);
    afterAll(() => cluster?.stop());
    const backend = () =>
      slurm({
        dir: join(folder, 'jobs'),
        python: trial.python,
        runCommand: (command, options) =>
          runCommand(command, { ...options, env: { ...process.env, ...cluster.environment } }),
      });

    test(
      'DPO succeeds on both',
      async () => {
        const handle = await backend().submit(await makeJob(5, 5));
        expect(await untilStatus(backend(), handle, isFinal)).toMatchObject({
          state: 'succeeded',
          exitCode: 0,
        });
        const trained = (await backend().metrics(handle)).filter(({ values }) => values.loss !== undefined);
        expect(trained.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
        const paths = (await backend().artifacts(handle)).map(({ path }) => path);
        for (const name of ['dpo/adapter/adapter_model', 'dpo/model/model']) {
          expect(paths).toContain(`${name}.safetensors`);
        }
      },
      5 * MINUTES,
    );

    test(
      'a trainer of the second that dies fails the job; submitted again and cancelled half-way, it ends on both',
      async () => {
        const job = await makeJob(1_000, 500);
        const handle = await backend().submit(job);
        const jobFolder = handle.location.folder!;
        const half = async () => (await backend().metrics(handle)).length > 2;
        await untilStatus(backend(), handle, half);
        const [, second] = await trainersIn(jobFolder);
        process.kill(second!.pid, 'SIGKILL');
        expect((await untilStatus(backend(), handle, isFinal)).state).toBe('failed');
        await untilNoTrainersIn(jobFolder);

        // Nothing was saved: it begins anew.
        await backend().submit(job);
        await untilStatus(backend(), handle, async () => (await trainersIn(jobFolder)).length === 2);
        await untilStatus(backend(), handle, half);
        await backend().cancel(handle);
        expect((await untilStatus(backend(), handle, isFinal)).state).toBe('cancelled');
        await untilNoTrainersIn(jobFolder);
      },
      5 * MINUTES,
    );
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
