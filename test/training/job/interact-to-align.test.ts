import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidFileError, InvalidOptionError } from '../../../src/errors.ts';
import { type InteractToAlignOptions, interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import { writeSmallData } from '../small-job.ts';

let folder: string;
let data: { sft: string; dpo: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-recipe-'));
  data = await writeSmallData(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const recipe = (options: Partial<InteractToAlignOptions> = {}) =>
  interactToAlign({ base: 'some/model', ...data, ...options });

describe('interactToAlign', () => {
  test('is SFT, then DPO from its result, with adapters for one GPU', async () => {
    const job = await recipe();
    expect(job.stages.map(({ name, method, from }) => ({ name, method, from }))).toEqual([
      { name: 'sft', method: 'sft', from: undefined },
      { name: 'dpo', method: 'dpo', from: 'sft' },
    ]);
    expect(job.stages[1]?.options).toMatchObject({ use_peft: true, beta: 0.1, dtype: 'bfloat16' });
    expect(job.resources).toMatchObject({ gpus: 1, nodes: 1 });
    expect(job.launch).toBe('single');
    expect(JSON.parse(JSON.stringify(job)).stages).toHaveLength(2);
  });

  test('has the values of the paper’s code as a preset', async () => {
    const [sft, dpo] = (await recipe({ preset: 'paper' })).stages;
    expect(sft?.options).toMatchObject({
      learning_rate: 1e-5,
      num_train_epochs: 1,
      packing: true,
      max_length: 8_192,
      per_device_train_batch_size: 1,
      gradient_accumulation_steps: 48,
      bf16: true,
    });
    expect(dpo?.options).toMatchObject({
      beta: 0.9,
      learning_rate: 1e-5,
      num_train_epochs: 1,
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 12,
      bf16: true,
    });
    expect(sft?.options).not.toHaveProperty('use_peft');
  });

  test('accepts any option of TRL, overriding the preset', async () => {
    const [sft, dpo] = (
      await recipe({ sftOptions: { lora_r: 8, seed: 3 }, dpoOptions: { loss_type: ['sigmoid', 'sft'] } })
    ).stages;
    expect(sft?.options).toMatchObject({ lora_r: 8, seed: 3, lora_alpha: 64 });
    expect(dpo?.options).toMatchObject({ loss_type: ['sigmoid', 'sft'], lora_r: 32 });
  });

  test('trains on CPUs if no GPU is requested', async () => {
    const { stages } = await recipe({ resources: { gpus: 0 } });
    for (const { options } of stages) {
      expect(options).toMatchObject({ use_cpu: true, bf16: false, dtype: 'float32' });
    }
  });

  test('distributes over several GPUs as the preset says', async () => {
    expect((await recipe({ resources: { gpus: 4 } })).launch).toBe('ddp');
    expect((await recipe({ resources: { gpus: 4 }, preset: 'paper' })).launch).toBe('fsdp2');
    expect((await recipe({ resources: { nodes: 2 }, launch: 'zero3' })).launch).toBe('zero3');
  });

  test('distributes over the CPUs of several nodes as full copies', async () => {
    const nodes = { gpus: 0, nodes: 2 };
    expect((await recipe({ resources: nodes })).launch).toBe('ddp');
    expect((await recipe({ resources: nodes, preset: 'paper' })).launch).toBe('ddp');
    expect((await recipe({ resources: { gpus: 0 }, preset: 'paper' })).launch).toBe('single');
  });

  test('a single stage is enough: DPO then starts from the base', async () => {
    const { stages } = await recipe({ sft: undefined });
    expect(stages.map(({ name, from }) => [name, from])).toEqual([['dpo', undefined]]);
    expect((await recipe({ dpo: undefined })).stages.map(({ name }) => name)).toEqual(['sft']);
  });

  test('an option that resembles no known one passes: a newer TRL may have it', async () => {
    const job = await recipe({ sftOptions: { brand_new_objective: 1 } });
    expect(job.stages[0]?.options).toHaveProperty('brand_new_objective', 1);
  });

  test('a directory as base becomes an absolute path, a name stays a name', async () => {
    const base = join(folder, 'base');
    await mkdir(base);
    await writeFile(join(base, 'config.json'), '{}');
    expect((await recipe({ base: relative(process.cwd(), base) })).base).toBe(base);
    expect((await recipe()).base).toBe('some/model');
  });

  test('jobs with the same files are equal, however their paths are written', async () => {
    expect(await recipe({ sft: { train: relative(process.cwd(), data.sft) } })).toEqual(await recipe());
  });

  test.each<[string, Partial<InteractToAlignOptions>, RegExp]>([
    ['a typo', { sftOptions: { learning_rat: 1 } }, /"sftOptions".*trl sft.*Did you mean "learning_rate"/],
    ['an option of the other trainer', { sftOptions: { beta: 1 } }, /options of trl sft, got "beta"/],
    ['an option that is gone', { dpoOptions: { max_prompt_length: 1 } }, /TRL 0\.29 removed it/],
    ['an option that older guides use', { sftOptions: { warmup_ratio: 0.1 } }, /Use "warmup_steps"/],
    ['an option with a new name', { sftOptions: { max_seq_length: 1 } }, /now called "max_length"/],
    ['what the job sets', { dpoOptions: { output_dir: 'x' } }, /no "output_dir": it is set by the job/],
    ['a secret', { sftOptions: { hub_token: 'hf_x' } }, /no "hub_token".*HF_TOKEN/],
    ['NaN', { sftOptions: { learning_rate: Number.NaN } }, /"sftOptions.learning_rate"/],
    ['an evaluation of nothing', { dpoOptions: { eval_strategy: 'steps' } }, /"dpo": expected .*validation/],
    ['data without a file', { sft: {} as never }, /"sft": expected a path/],
    ['what TRL sets', { sftOptions: { model_init_kwargs: {} } }, /it is set by TRL, from dtype/],
    ['an unknown preset', { preset: 'qlora' as never }, /"preset": expected one of "lora", "paper"/],
    [
      'an unknown option',
      { sftOption: {} } as object,
      /interactToAlign\(\) has no option "sftOption".*Did you mean "sftOptions"/,
    ],
    [
      'an unknown resource',
      { resources: { gpu: 1 } as object },
      /resources has no option "gpu".*Did you mean "gpus"/,
    ],
    ['no data', { sft: undefined, dpo: undefined }, /"sft": expected sft, dpo or both/],
    ['an empty name', { name: ' ' }, /"name"/],
    ['half a GPU', { resources: { gpus: 0.5 } }, /"resources.gpus"/],
    ['several GPUs on one process', { resources: { gpus: 2 }, launch: 'single' }, /"launch": expected ddp/],
    ['a spread of one', { resources: { gpus: 0 }, launch: 'ddp' }, /"single" when training without GPUs/],
    [
      'FSDP on processors',
      { resources: { gpus: 0, nodes: 2 }, launch: 'fsdp2' },
      /"ddp" when training without GPUs/,
    ],
    [
      'an invalid variable name',
      { environment: { 'A B': '1' } },
      /"environment": expected valid variable names/,
    ],
    ['a base that is not there', { base: './no/such/model' }, /"base": expected an existing directory/],
    ['a base that is a file', { base: 'package.json' }, /gguf_to_hf/],
    ['a base without a config', { base: 'src' }, /config\.json/],
  ])('%s is refused', async (_what, options, message) => {
    const failure = await recipe(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidOptionError);
    expect((failure as Error).message).toMatch(message);
  });

  test('missing data is reported with its path', async () => {
    await expect(recipe({ dpo: join(folder, 'none.jsonl') })).rejects.toThrow(InvalidFileError);
  });

  test('an abort throws its reason', async () => {
    const reason = new Error('enough');
    await expect(recipe({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
