import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../src/internal/run-command.ts';
import { slurm } from '../../../src/training/backends/slurm.ts';
import { doctor } from '../../../src/training/doctor/doctor.ts';
import { isFinal } from '../../../src/training/follow-training.ts';
import { type SlurmCluster, startSlurm } from '../slurm/start-slurm.ts';
import { prepareRealTrial, type RealTrial, untilStatus } from './real-trial.ts';

const MINUTES = 60_000;

describe.runIf(process.env.ALOE_TEST_TRAINING)('TRL on Slurm', () => {
  let folder: string;
  let trial: RealTrial;
  let cluster: SlurmCluster;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aloe slurm real's $(touch pwned) [b] *? $HOME -"));
    trial = await prepareRealTrial(folder);
    cluster = await startSlurm();
  }, 15 * MINUTES);
  afterAll(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const backend = () =>
    slurm({
      dir: join(folder, 'jobs'),
      python: trial.python,
      runCommand: (command, options) =>
        runCommand(command, { ...options, env: { ...process.env, ...cluster.environment } }),
    });
  /** A GPU is asked for and given, though the trainer has no use for it. */
  const makeJob = async (steps: number) => ({
    ...(await trial.job(steps)),
    resources: { gpus: 1, nodes: 1, timeLimitMinutes: 10 },
  });

  test(
    'DPO waits, runs and succeeds; the doctor sees partition, nodes and limit',
    async () => {
      const job = await makeJob(5);
      const findings = await doctor(job, backend());
      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
      expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['partition', 'nodes']));
      const handle = await backend().submit(job);
      expect(await untilStatus(backend(), handle, isFinal)).toMatchObject({
        state: 'succeeded',
        exitCode: 0,
      });
      const metrics = await backend().metrics(handle);
      expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
      expect(metrics.at(-1)!.values['rewards/margins']).toBeGreaterThan(0.05);
      expect((await backend().artifacts(handle)).map(({ path }) => path)).toContain(
        'dpo/model/model.safetensors',
      );
    },
    5 * MINUTES,
  );

  test(
    'DPO is cancelled half-way by another backend object that has only the handle',
    async () => {
      const handle = await backend().submit(await makeJob(2_000));
      await untilStatus(backend(), handle, async () => (await backend().metrics(handle)).length > 2);
      const copy = JSON.parse(JSON.stringify(handle));
      await backend().cancel(copy);
      expect((await untilStatus(backend(), copy, isFinal)).state).toBe('cancelled');
    },
    5 * MINUTES,
  );

  test(
    'more GPUs than there are: the doctor says so, and so does Slurm',
    async () => {
      const job = { ...(await makeJob(1)), resources: { gpus: 8, nodes: 1, timeLimitMinutes: 600 } };
      const errors = (await doctor(job, backend())).filter(({ level }) => level === 'error');
      expect(errors.map(({ check }) => check)).toEqual(['nodes', 'time limit']);
      // One that only wants too much time would wait for ever, as Slurm is set up by default.
      const submission = backend().submit({ ...job, resources: { gpus: 8, nodes: 1 } });
      await expect(submission).rejects.toThrow(/slurm: sbatch: /);
    },
    2 * MINUTES,
  );
});
