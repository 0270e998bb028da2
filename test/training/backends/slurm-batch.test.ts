import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sbatchWords } from '../../../src/training/backends/slurm/batch.ts';
import { makeSmallJob } from '../small-job.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-sbatch-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('Slurm does not requeue a job, which would spend the account’s hours unasked', async () => {
  const words = sbatchWords(await makeSmallJob(folder), { folder, jobName: 'aloe-1' });
  expect(words).toContain('--no-requeue');
  // sbatch takes what follows the script for the script's own arguments.
  expect(words.at(-1)).toBe(join(folder, 'slurm.sh'));
});
