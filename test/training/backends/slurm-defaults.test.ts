import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDefaults } from '../../../src/training/backends/slurm/defaults.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import { makeSmallJob } from '../small-job.ts';

let folder: string;
let job: TrainingJob;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-defaults-'));
  job = await makeSmallJob(folder, { resources: { gpus: 2 } });
});
afterAll(() => rm(folder, { recursive: true }));

/** As Slurm 22.05 prints them. */
const CLUSTER = {
  DefMemPerNode: 'UNLIMITED',
  JobDefaults: '(null)',
  SelectType: 'select/cons_tres',
  SelectTypeParameters: 'CR_CORE_MEMORY',
};
const PARTITION = {
  OverSubscribe: 'NO',
  SelectTypeParameters: 'NONE',
  DefaultTime: 'NONE',
  MaxTime: 'UNLIMITED',
  JobDefaults: '(null)',
  DefMemPerNode: 'UNLIMITED',
};

async function findings(cluster: object, own: object, resources: object = {}): Promise<string[]> {
  const found = await checkDefaults(
    { ...job, resources: { ...job.resources, ...resources } },
    {
      partition: 'gpu',
      signal: undefined,
      run: async ([, , what]) => {
        const [settings, between, after] =
          what === 'config'
            ? [{ ...CLUSTER, ...cluster }, ' = ', '\n']
            : [{ ...PARTITION, ...own }, '=', ' '];
        const stdout = Object.entries(settings).map(([name, value]) => `${name}${between}${value}${after}`);
        return { exitCode: 0, stdout: stdout.join(''), stderr: '' };
      },
    },
  );
  return found.map(
    ({ check, level, message }) => `${level} ${check}: ${message.replace('Not requested. ', '')}`,
  );
}

describe('what a job leaves to Slurm', () => {
  test('is told: one core, all memory and no limit, unless the cluster says otherwise', async () => {
    expect(await findings({}, {})).toEqual([
      'warning cpus: Slurm gives one core per node.',
      "ok memory: Slurm gives all of a node's memory.",
      'ok time limit: Slurm sets none here.',
    ]);
  });

  test.each<[string, object, object, string]>([
    [
      'cores per GPU',
      {},
      { JobDefaults: 'DefCpuPerGPU=4,DefMemPerGPU=1000' },
      'ok cpus: Slurm gives 8 per node (DefCpuPerGPU).',
    ],
    [
      'whole nodes of the cluster',
      { SelectType: 'select/linear' },
      {},
      'ok cpus: Slurm gives whole nodes here.',
    ],
    [
      'whole nodes of the partition',
      {},
      { OverSubscribe: 'EXCLUSIVE' },
      'ok cpus: Slurm gives whole nodes here.',
    ],
    [
      'memory per GPU',
      { JobDefaults: 'DefMemPerGPU=1000' },
      {},
      'warning memory: Slurm gives 2000 MiB per node (DefMemPerGPU).',
    ],
    [
      'memory per CPU',
      { DefMemPerNode: undefined, DefMemPerCPU: '2000' },
      { DefMemPerNode: undefined },
      'warning memory: Slurm gives 2000 MiB per CPU (DefMemPerCPU).',
    ],
    [
      'memory of the partition',
      { DefMemPerNode: '9' },
      { DefMemPerNode: '512' },
      'warning memory: Slurm gives 512 MiB per node (DefMemPerNode).',
    ],
    [
      'memory that is not counted',
      { SelectTypeParameters: 'CR_CORE' },
      { DefMemPerNode: '512' },
      'ok memory: Slurm does not limit it here.',
    ],
    [
      'a default time',
      {},
      { DefaultTime: '01:00:00', MaxTime: '7-00:00:00' },
      'warning time limit: Slurm ends the job after 60 minutes (DefaultTime).',
    ],
    [
      'a longest time',
      {},
      { MaxTime: '1-00:00:00' },
      'warning time limit: Slurm ends the job after 1440 minutes (MaxTime).',
    ],
  ])('is told: %s', async (_what, cluster, own, expected) => {
    expect(await findings(cluster, own)).toContain(expected);
  });

  test('is nothing if the job asks for all', async () => {
    expect(await findings({}, {}, { cpus: 4, memoryGiB: 8, timeLimitMinutes: 60 })).toEqual([]);
  });

  test('stays unsaid if scontrol fails', async () => {
    const run = async () => ({ exitCode: 1, stdout: '', stderr: 'no' });
    expect(await checkDefaults(job, { partition: 'gpu', run, signal: undefined })).toEqual([]);
  });
});
