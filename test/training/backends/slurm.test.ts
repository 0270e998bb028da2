import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCommand } from '../../../src/internal/run-command.ts';
import { trainingBackendConformance, writeFakeTrainer } from '../../../src/testing/index.ts';
import { type SlurmBackendOptions, slurm } from '../../../src/training/backends/slurm.ts';
import { type SlurmCluster, startSlurm } from '../slurm/start-slurm.ts';
import { makeSmallJob } from '../small-job.ts';

/** Real Slurm, where it is installed and the tests of the engines are asked for. */
describe.runIf(process.env.ALOE_TEST_TRAINING)('slurm', () => {
  let cluster: SlurmCluster;
  let folder: string;
  let python: string;
  beforeAll(async () => {
    cluster = await startSlurm({ nodes: 2 });
    folder = await mkdtemp(join(tmpdir(), "aloe slurm's $(touch pwned) [b] *? $HOME %j-"));
    python = await writeFakeTrainer(join(folder, 'bin dir', 'python'));
  });
  afterAll(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  let jobs = 0;
  const open = (options: Partial<SlurmBackendOptions> = {}) =>
    slurm({
      dir: join(folder, 'jobs'),
      python,
      runCommand: (command, call) =>
        runCommand(command, { ...call, env: { ...process.env, ...cluster.environment } }),
      ...options,
    });
  const checks = trainingBackendConformance({
    create: () => open(),
    job: (kind, name) =>
      makeSmallJob(join(folder, 'data'), {
        name,
        resources: { gpus: 1 },
        sftOptions: { seed: jobs++, max_steps: 2 },
        dpoOptions: { max_steps: kind === 'long' ? 10_000 : 2 },
        environment: { NASTY: "it's $HOME `x`\n", ...(kind === 'failing' && { FAKE_EXIT_CODE: '7' }) },
      }),
    unknown: (handle) => ({ ...handle, id: 'none', location: { folder: join(folder, 'none') } }),
    failingExitCode: 7,
  });
  test.each(checks)('$name', ({ run }) => run());

  const onCluster = (...command: string[]) =>
    runCommand(command, { env: { ...process.env, ...cluster.environment } });

  test('a running job cannot be requeued', async () => {
    const backend = open();
    const job = await makeSmallJob(join(folder, 'data'), { dpoOptions: { max_steps: 10_000 } });
    const handle = await backend.submit(job);
    await vi.waitFor(async () => expect((await backend.status(handle)).state).toBe('running'), {
      timeout: 50_000,
      interval: 200,
    });
    const requeued = await onCluster('scontrol', 'requeue', handle.location.jobId!);
    expect(requeued).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('disabled') });
    expect((await backend.status(handle)).state).toBe('running');
    await backend.cancel(handle);
  });

  test('tasks on several nodes get the CPUs that the job asks for', async () => {
    const printer = join(folder, 'CPU printer');
    await writeFile(printer, '#!/bin/sh\nenv | grep CPUS_PER_TASK\nexit 3\n', { mode: 0o755 });
    const backend = open({ python: printer });
    const cpusOf = async (cpus: number | undefined) => {
      const job = await makeSmallJob(join(folder, 'data'), {
        dpoOptions: { seed: jobs++ },
        resources: { gpus: 0, nodes: 2, cpus },
      });
      const handle = await backend.submit(job);
      await vi.waitFor(async () => expect((await backend.status(handle)).state).toBe('failed'), {
        timeout: 50_000,
        interval: 200,
      });
      return (await backend.logs(handle)).text.match(/^SRUN_CPUS_PER_TASK=.*$/gm) ?? [];
    };
    const found = await cpusOf(2);
    // The first that fails ends the others.
    expect(new Set(found)).toEqual(new Set(['SRUN_CPUS_PER_TASK=2']));
    expect(await cpusOf(undefined)).toEqual([]);
  });

  test('the doctor tells what the job leaves to the cluster', async () => {
    const job = await makeSmallJob(join(folder, 'data'));
    const found = (await open().check(job)).map(
      ({ check, level, message }) => `${level} ${check}: ${message}`,
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'warning cpus: Not requested. Slurm gives one core per node.',
        'ok memory: Not requested. Slurm does not limit it here.',
        'warning time limit: Not requested. Slurm ends the job after 120 minutes (MaxTime).',
      ]),
    );
  });

  test('a job gets what it needs from its submitter, what is named, and no secret', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'canary-0123456789');
    vi.stubEnv('HF_TOKEN', 'canary-named');
    vi.stubEnv('OMP_NUM_THREADS', '3');
    const printer = join(folder, 'printer');
    await writeFile(printer, '#!/bin/sh\nenv\nexit 3\n', { mode: 0o755 });
    const backend = open({ python: printer, passEnv: ['HF_TOKEN'] });
    const handle = await backend.submit(await makeSmallJob(join(folder, 'data')));
    await vi.waitFor(async () => expect((await backend.status(handle)).state).toBe('failed'), {
      timeout: 50_000,
      interval: 200,
    });
    const { text } = await backend.logs(handle);
    expect(text).toContain('OMP_NUM_THREADS=3\n');
    expect(text).toMatch(/^PATH=/m);
    // Named, so it is there; a token, so logs do not show it.
    expect(text).toMatch(/^HF_TOKEN=.+/m);
    expect(text).not.toContain('OPENAI_API_KEY');
    expect(text).not.toContain('canary');
    vi.unstubAllEnvs();
  });
});
