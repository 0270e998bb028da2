import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepJobs } from '../../../src/training/choose/sweep-jobs.ts';
import { interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import { writeSmallData } from '../small-job.ts';

let folder: string;
let data: { readonly sft: string; readonly dpo: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-sweep-'));
  data = await writeSmallData(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('there is a job for each combination, named after its values', async () => {
  const jobs = await sweepJobs(
    { base: 'some/model', name: 'bees', ...data, dpoOptions: { max_steps: 3 } },
    {
      sftOptions: { learning_rate: [1e-4] },
      dpoOptions: { beta: [0.1, 0.5], loss_type: [['sigmoid'], ['ipo']] },
    },
  );
  expect(
    jobs.map(({ name, stages }) => [name, stages[1]!.options.beta, stages[1]!.options.loss_type]),
  ).toEqual([
    ['bees sft learning_rate=0.0001 dpo beta=0.1 dpo loss_type=["sigmoid"]', 0.1, ['sigmoid']],
    ['bees sft learning_rate=0.0001 dpo beta=0.1 dpo loss_type=["ipo"]', 0.1, ['ipo']],
    ['bees sft learning_rate=0.0001 dpo beta=0.5 dpo loss_type=["sigmoid"]', 0.5, ['sigmoid']],
    ['bees sft learning_rate=0.0001 dpo beta=0.5 dpo loss_type=["ipo"]', 0.5, ['ipo']],
  ]);
  expect(jobs.every(({ stages }) => stages[1]!.options.max_steps === 3)).toBe(true);
});

test('values that are no list, nothing to vary and unknown options are errors', async () => {
  const base = { base: 'some/model', ...data };
  await expect(sweepJobs(base, {})).rejects.toThrow('values to try');
  await expect(sweepJobs(base, { dpoOptions: { beta: 0.1 as never } })).rejects.toThrow('dpoOptions.beta');
  await expect(sweepJobs(base, { dpoOptions: { bet: [1] } })).rejects.toThrow('Did you mean "beta"');
});

test('checkpoints are kept evenly, all, or as the trainer options say', async () => {
  const options = async (checkpoints?: number | 'all', dpoOptions = {}) => {
    const { stages } = await interactToAlign({ base: 'some/model', ...data, checkpoints, dpoOptions });
    const { save_steps, save_total_limit } = stages[1]!.options;
    return [save_steps, save_total_limit];
  };
  expect(await options()).toEqual([0.1, 1]);
  expect(await options(4)).toEqual([0.25, 4]);
  expect(await options('all')).toEqual([0.1, null]);
  expect(await options('all', { save_steps: 5 })).toEqual([5, null]);
  await expect(options(1)).rejects.toThrow('checkpoints');
});
