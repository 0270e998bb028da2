import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { runCommand } from '../../../src/internal/run-command.ts';
import { trainingBackendConformance, writeFakeTrainer } from '../../../src/testing/index.ts';
import { slurm } from '../../../src/training/backends/slurm.ts';
import { type SlurmCluster, startSlurm } from '../slurm/start-slurm.ts';
import { makeSmallJob } from '../small-job.ts';

/** Real Slurm, where it is installed and the tests of the engines are asked for. */
describe.runIf(process.env.ALOE_TEST_TRAINING)('slurm', () => {
  let cluster: SlurmCluster;
  let folder: string;
  let python: string;
  beforeAll(async () => {
    cluster = await startSlurm();
    folder = await mkdtemp(join(tmpdir(), "aloe slurm's $(touch pwned) [b] *? $HOME %j-"));
    python = await writeFakeTrainer(join(folder, 'bin dir', 'python'));
  });
  afterAll(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  let jobs = 0;
  const checks = trainingBackendConformance({
    create: () =>
      slurm({
        dir: join(folder, 'jobs'),
        python,
        runCommand: (command, options) =>
          runCommand(command, { ...options, env: { ...process.env, ...cluster.environment } }),
      }),
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
});
