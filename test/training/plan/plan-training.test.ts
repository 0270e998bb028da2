import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InteractToAlignOptions } from '../../../src/training/job/interact-to-align.ts';
import { describePlan } from '../../../src/training/plan/describe-plan.ts';
import { findGpu } from '../../../src/training/plan/gpus.ts';
import { type PlanTrainingOptions, planTraining } from '../../../src/training/plan/plan-training.ts';
import type { TrainingPlan } from '../../../src/training/plan/training-plan.ts';
import { makeSmallJob } from '../small-job.ts';
import { QWEN } from './configs.ts';

let folder: string;
let base: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-plan-'));
  base = join(folder, 'base');
  await mkdir(base);
  await writeFile(join(base, 'config.json'), JSON.stringify(QWEN));
});
afterAll(() => rm(folder, { recursive: true }));

async function plan(
  job: Partial<InteractToAlignOptions>,
  options: PlanTrainingOptions = {},
): Promise<TrainingPlan> {
  return planTraining(await makeSmallJob(join(folder, 'data'), { base, ...job }), options);
}

const GIB = 2 ** 30;
const totals = ({ stages }: TrainingPlan) => stages.map(({ memory }) => memory!.total / GIB);

describe('memory of a GPU', () => {
  const one = { resources: { gpus: 1 } };

  test('full weights of a 7B model need several GPUs, an adapter one', async () => {
    expect(totals(await plan({ ...one, preset: 'paper' }))[0]).toBeGreaterThan(120);
    expect(totals(await plan({ ...one, preset: 'lora' }))[0]).toBeLessThan(24);
  });

  test('grows with length and batch', async () => {
    const sft = async (sftOptions: Record<string, number | boolean>) =>
      totals(await plan({ ...one, sftOptions }))[0]!;
    const usual = await sft({});
    expect((await sft({ max_length: 8_192 })) - usual).toBeGreaterThan(5);
    expect((await sft({ per_device_train_batch_size: 16 })) - usual).toBeGreaterThan(5);
    expect(await sft({ load_in_4bit: true })).toBeLessThan(usual - 8);
    expect(await sft({ gradient_checkpointing: false })).toBeGreaterThan(3 * usual);
  });

  test('is less with other optimizers, by what they save', async () => {
    const optimizer = async (optim: string) => {
      const { stages } = await plan({ ...one, preset: 'paper', sftOptions: { optim } });
      return stages[0]!.memory!.optimizer / stages[0]!.memory!.gradients;
    };
    expect(await optimizer('adamw_torch')).toBe(2);
    expect(await optimizer('adamw_8bit')).toBe(0.5);
    expect(await optimizer('adafactor')).toBeLessThan(0.1);
    expect(await optimizer('paged_adamw_32bit')).toBe(0);
  });

  test('is shared by sharded processes, and moves to the host with offload', async () => {
    const paper = { preset: 'paper', resources: { gpus: 8 } } as const;
    const [shared, offloaded] = [await plan(paper), await plan({ ...paper, launch: 'fsdp2-offload' })];
    const whole = await plan({ preset: 'paper', ...one });
    expect(shared.stages[0]!.memory!.optimizer * 8).toBe(whole.stages[0]!.memory!.optimizer);
    expect(offloaded.stages[0]!.memory).toMatchObject({ optimizer: 0, gradients: 0 });
    expect(offloaded.hostBytes! - shared.hostBytes!).toBeGreaterThan(16 * 7.6e9);
  });

  test('of DPO counts the reference model, unless it is the model without its adapter or precomputed', async () => {
    const reference = async (job: object) => (await plan({ ...one, ...job })).stages[1]!.memory!.reference;
    expect(await reference({ preset: 'paper' })).toBeGreaterThan(4 * 7.6e9);
    expect(await reference({ preset: 'lora' })).toBe(0);
    expect(await reference({ preset: 'paper', dpoOptions: { precompute_ref_log_probs: true } })).toBe(0);
  });
});

test('TRL 1.15 computes the loss of DPO in tiles', async () => {
  const job = { preset: 'paper', resources: { gpus: 8 } } as const;
  const logits = async (trl: string) => (await plan(job, { trl })).stages[1]!.memory!.logits / GIB;
  expect(await logits('1.14.0')).toBeGreaterThan(50);
  expect(await logits('1.16.0')).toBeLessThan(4);
  expect((await plan(job, { trl: '1.16.0', gpu: 'A100-80GB' })).fits).toBe(true);
});

describe('a plan', () => {
  test('says that the paper preset does not fit eight GPUs of 80 GB, and what does without changing the batch', async () => {
    const { fits, proposal, stages } = await plan(
      { preset: 'paper', resources: { gpus: 8 } },
      { gpu: 'A100-80GB' },
    );
    expect(fits).toBe(false);
    expect(proposal!.bytes).toBeLessThan(79.2 * GIB);
    proposal!.job.stages.forEach(({ options }, index) => {
      const rows =
        Number(options.per_device_train_batch_size) * Number(options.gradient_accumulation_steps) * 8;
      expect(rows).toBe(stages[index]!.batch);
      expect(rows).toBe(48);
      expect(options.learning_rate).toBe(1e-5);
      expect(options.max_length).toBe(8_192);
    });
    // The changes say the same as the changed job.
    for (const stage of proposal!.job.stages)
      expect(stage.options).toMatchObject(proposal!.options[stage.name] ?? {});
  });

  test('proposes offload on one GPU, and never precomputed references with FSDP2', async () => {
    const one = await plan({ preset: 'paper', resources: { gpus: 1 } }, { gpu: 'H200' });
    expect(one.proposal).toMatchObject({
      launch: 'zero3-offload',
      options: { dpo: { precompute_ref_log_probs: true } },
    });
    const two = await plan({ preset: 'paper', resources: { gpus: 2 } }, { gpu: 'A100-80GB' });
    expect(two.proposal).toMatchObject({ launch: 'fsdp2-offload' });
    expect(JSON.stringify(two.proposal!.options)).not.toContain('precompute');
  });

  test('says so when nothing helps', async () => {
    const { fits, proposal, ...rest } = await plan(
      { preset: 'paper', resources: { gpus: 1 } },
      { gpu: '16GB' },
    );
    expect([fits, proposal]).toEqual([false, null]);
    expect(describePlan({ fits, proposal, ...rest })).toContain(
      'Nothing that keeps the result makes it fit.',
    );
  });

  test('counts steps as the trainer does', async () => {
    const { stages } = await plan({
      resources: { gpus: 2 },
      sftOptions: { per_device_train_batch_size: 1, gradient_accumulation_steps: 3, num_train_epochs: 2 },
      dpoOptions: { max_steps: 7 },
    });
    // 8 rows are 4 passes of 2, and 2 steps an epoch: of 3 passes and of 1.
    expect(stages[0]).toMatchObject({ rows: 8, batch: 6, steps: 4, epochs: 2 });
    expect(stages[1]).toMatchObject({ rows: 8, batch: 16, steps: 7, epochs: 7 });
    const one = await plan({ sftOptions: { packing: true, max_length: 64 } });
    expect(one.stages[0]!.steps).toBe(Math.ceil(Math.ceil(one.stages[0]!.tokens / 64) / 16));
  });

  // What transformers does with each was compared for nine schedules, eight warm-ups and six numbers of steps.
  test.each<[string, Record<string, string | number>, string | null]>([
    ['one step with a warm-up', {}, 'sft learns nothing: its only step'],
    ['one step without', { warmup_steps: 0 }, null],
    ['one step of a schedule that has none', { lr_scheduler_type: 'constant' }, null],
    ['two steps', { max_steps: 2 }, null],
    [
      'two, of which both are warm-up',
      { max_steps: 2, warmup_steps: 0.6 },
      'sft hardly learns: the warm-up takes all of its 2',
    ],
    ['nine of ten that warm up', { max_steps: 9, warmup_steps: 10 }, 'takes all of its 9 steps'],
    ['ten of ten that warm up', { max_steps: 11, warmup_steps: 10.9 }, null],
    ['smaller steps', { gradient_accumulation_steps: 1 }, null],
  ])('warns of so few steps that the learning rate stays too low: %s', async (_what, options, expected) => {
    const few = await plan({ sftOptions: options, dpoOptions: { warmup_steps: 0 } });
    expect(few.warnings).toEqual(expected === null ? [] : [expect.stringContaining(expected)]);
    expect(describePlan(few).includes('Warning: sft ')).toBe(expected !== null);
  });

  test('turns tokens into hours and dollars', async () => {
    const job = { resources: { gpus: 4 } };
    const { stages, hours, usd } = await plan(job, { gpu: '24GB', tokensPerSecond: 10, usdPerGpuHour: 3 });
    const tokens = stages.reduce((sum, stage) => sum + stage.tokens, 0);
    expect(hours).toBeCloseTo(tokens / 40 / 3_600, 9);
    expect(usd).toBeCloseTo(hours! * 4 * 3, 9);
    const [half, whole] = [0.25, 0.5].map((utilisation) => plan(job, { gpu: 'H100', utilisation }));
    expect((await half!).hours! / (await whole!).hours!).toBeCloseTo(2, 9);
  });

  test('takes a fifth of an hour for a million tokens of LoRA on an H100', async () => {
    const { stages } = await plan({ resources: { gpus: 1 } }, { gpu: 'H100' });
    // 2 forward, 2 backward, 2 again: 989e12 x 0.35 / (6 x 7.6e9) = 7,590 tokens per second, less attention.
    expect(stages[0]!.tokensPerSecond).toBeGreaterThan(7_400);
    expect(stages[0]!.tokensPerSecond).toBeLessThan(7_600);
  });

  test('counts with the tokenizer, and takes memory for the longest row', async () => {
    const tokenizer = { id: 'fixed', countTokens: async () => 100 };
    const { stages, basis } = await plan({ resources: { gpus: 1 } }, { tokenizer });
    expect(stages.map(({ tokens, length }) => [tokens, length])).toEqual([
      [800, 100],
      [1_600, 100],
    ]);
    expect(basis[0]).toContain('counted by fixed');
  });

  test('of a model on the hub, or on CPUs, says what it cannot know', async () => {
    const hub = await plan({ base: 'some/model', resources: { gpus: 1 } }, { gpu: 'H100' });
    expect(hub).toMatchObject({ fits: null, hours: null, hostBytes: null });
    expect(hub.stages[0]!.steps).toBe(1);
    expect(describePlan(hub)).toContain('the config of some/model was not read');
    expect(await plan({}, { gpu: 'H100' })).toMatchObject({ gpu: null, hours: null, fits: null });
  });

  test('refuses unknown options, GPUs and numbers out of range', async () => {
    await expect(plan({}, { gpus: 3 } as never)).rejects.toThrow('gpus');
    await expect(plan({ resources: { gpuKind: 'H10' } })).rejects.toThrow('Did you mean "H100"?');
    await expect(plan({}, { utilisation: 2 })).rejects.toThrow('"utilisation"');
  });
});

test('GPUs are known by their names, and by memory', () => {
  expect(findGpu('a100-80gb')).toMatchObject({ memoryGiB: 79.2, bf16Tflops: 312 });
  expect(findGpu('48 GB')).toEqual({ name: '48 GB', memoryGiB: 48, bf16Tflops: null });
});
