import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { InvalidOptionError } from '../../../src/errors.ts';
import { runCommand } from '../../../src/internal/run-command.ts';
import { writeFakeTrainer } from '../../../src/testing/fake-trainer.ts';
import { readFolderMetrics } from '../../../src/training/folder/folder-metrics.ts';
import { exists, readExitCode, writeJobFolder } from '../../../src/training/folder/job-folder.ts';
import { renderJob } from '../../../src/training/folder/render-job.ts';
import type { InteractToAlignOptions } from '../../../src/training/job/interact-to-align.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import { makeSmallJob, writeSmallData } from '../small-job.ts';

let folder: string;
let python: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe-render's $HOME-"));
  python = await writeFakeTrainer(join(folder, 'python'));
});
afterAll(() => rm(folder, { recursive: true }));

const small = (options: Partial<InteractToAlignOptions> = {}) => makeSmallJob(join(folder, 'data'), options);

describe('renderJob', () => {
  test('renders a directory in which every path is relative', async () => {
    const { files, inputs, outputs } = await renderJob(await small());
    expect(Object.keys(files).sort()).toEqual([
      'config/dpo.yaml',
      'config/sft.yaml',
      'manifest.json',
      'run.sh',
      'scripts/merge_adapter.py',
      'scripts/train_stage.py',
    ]);
    expect(Object.keys(inputs)).toEqual(['data/sft/train.jsonl', 'data/dpo/train.jsonl']);
    expect(outputs).toEqual(['sft/adapter', 'sft/model', 'dpo/adapter', 'dpo/model']);
    expect(Object.values(files).join('\n')).not.toContain(folder);
  });

  test('a local base that has changed is another job', async () => {
    const base = join(folder, 'base');
    await mkdir(base);
    await writeFile(join(base, 'config.json'), '{}');
    const { id } = await renderJob(await small({ base }));
    expect((await renderJob(await small({ base }))).id).toBe(id);
    await writeFile(join(base, 'config.json'), '{"a":1}');
    expect((await renderJob(await small({ base }))).id).not.toBe(id);
  });

  test('DPO starts from the SFT model with its adapter merged: that is the frozen reference', async () => {
    const { files } = await renderJob(await small());
    const [sft, dpo] = ['sft', 'dpo'].map((name) => parse(files[`config/${name}.yaml`]!));
    expect(sft).toMatchObject({ model_name_or_path: 'some/model', dataset_name: './data/sft' });
    expect(dpo).toMatchObject({ model_name_or_path: './sft/model', output_dir: './dpo/adapter' });
    const steps = files['run.sh']!.split('\n').filter((line) => line.startsWith('step '));
    expect(steps.map((line) => line.split(' ')[1])).toEqual(['sft', 'sft-merge', 'dpo', 'dpo-merge']);
  });

  test('full weights need no merging', async () => {
    const { files, outputs } = await renderJob(await small({ preset: 'paper' }));
    expect(outputs).toEqual(['sft/model', 'dpo/model']);
    expect(files['run.sh']).not.toContain('merge');
    expect(parse(files['config/dpo.yaml']!)).toMatchObject({
      model_name_or_path: './sft/model',
      output_dir: './dpo/model',
    });
  });

  test('validation runs as often as checkpoints are written', async () => {
    const { sft } = await writeSmallData(join(folder, 'data'));
    const { files, inputs } = await renderJob(await small({ sft: { train: sft, validation: sft } }));
    expect(Object.keys(inputs)).toContain('data/sft/test.jsonl');
    expect(parse(files['config/sft.yaml']!)).toMatchObject({ eval_strategy: 'steps', eval_steps: 0.1 });
  });

  test('several nodes get an accelerate config, and each node its rank', async () => {
    for (const [launch, type] of [
      ['ddp', 'MULTI_GPU'],
      ['fsdp2', 'FSDP'],
      ['zero3', 'DEEPSPEED'],
    ] as const) {
      const { files } = await renderJob(await small({ resources: { gpus: 4, nodes: 2 }, launch }));
      const config = parse(files['config/accelerate.yaml']!);
      expect(config).toMatchObject({ distributed_type: type, num_machines: 2, num_processes: 8 });
      const [sft, merge] = files['run.sh']!.split('\n').filter((line) => line.startsWith('step '));
      expect(sft).toMatch(
        /--config_file config\/accelerate\.yaml "\$\{aloe_place\[@\]\}" scripts\/train_stage\.py sft /,
      );
      expect(merge).not.toContain('place');
    }
  });

  test('several nodes without GPUs run one process each, with gloo', async () => {
    const { files } = await renderJob(await small({ resources: { gpus: 0, nodes: 2 } }));
    expect(parse(files['config/accelerate.yaml']!)).toMatchObject({
      distributed_type: 'MULTI_GPU',
      mixed_precision: 'no',
      num_machines: 2,
      num_processes: 2,
      use_cpu: true,
    });
    expect(parse(files['config/sft.yaml']!)).toMatchObject({ use_cpu: true });
  });

  test('the id depends on everything that affects the result, and on nothing else', async () => {
    const id = async (job: TrainingJob) => (await renderJob(job)).id;
    const job = await small();
    expect(await id({ ...job, name: 'another' })).toBe(await id(job));
    expect(await id({ ...job, resources: { ...job.resources, timeLimitMinutes: 9 } })).toBe(await id(job));
    const [sft, dpo] = job.stages;
    const moved = { ...sft!, train: { ...sft!.train, path: '/elsewhere.jsonl' } };
    expect(await id({ ...job, stages: [moved, dpo!] })).toBe(await id(job));
    const changed = { ...sft!, train: { ...sft!.train, sha256: '0'.repeat(64) } };
    const others = [
      { ...job, base: 'other/model' },
      { ...job, stages: [changed, dpo!] },
      { ...job, stages: [{ ...sft!, options: { ...sft!.options, seed: 1 } }, dpo!] },
      { ...job, environment: { A: '1' } },
    ];
    expect(new Set(await Promise.all([job, ...others].map(id))).size).toBe(5);
  });

  test.each<[string, (job: TrainingJob) => TrainingJob['stages']]>([
    ['no stage', () => []],
    ['a name with a slash', ({ stages }) => [{ ...stages[0]!, name: '../x' }]],
    ['a name twice', ({ stages }) => [stages[0]!, stages[0]!]],
    ['a later stage as source', ({ stages }) => [{ ...stages[0]!, from: 'dpo' }, stages[1]!]],
  ])('%s is refused', async (_what, change) => {
    const job = await small();
    await expect(renderJob({ ...job, stages: change(job) })).rejects.toThrow(InvalidOptionError);
  });
});

describe('run.sh', () => {
  let jobs = 0;
  async function prepare(environment: Record<string, string>): Promise<string> {
    const options = { environment, sftOptions: { seed: jobs++ }, dpoOptions: { max_steps: 2 } };
    const rendered = await renderJob(await small(options));
    const place = join(folder, `job ${jobs}`);
    await writeJobFolder(place, rendered, undefined);
    return place;
  }
  const run = (place: string, env: Record<string, string> = {}) =>
    runCommand(['bash', join(place, 'run.sh')], { env: { ...process.env, ALOE_PYTHON: python, ...env } });

  test('trains stage by stage and writes 0', async () => {
    const place = await prepare({});
    expect((await run(place)).exitCode).toBe(0);
    expect(await readExitCode(place)).toBe(0);
    const metrics = await readFolderMetrics(place);
    expect(metrics.map(({ stage, step }) => `${stage} ${step}`)).toEqual([
      'sft 1',
      'sft 2',
      'sft 3',
      'dpo 1',
      'dpo 2',
    ]);
    expect(metrics[0]?.values).toEqual({ loss: 2.5, 'rewards/margins': 0.1 });
  });

  test('stops at the first failure with its exit code, and resumes there when run again', async () => {
    const place = await prepare({});
    const first = await run(place, { FAKE_EXIT_CODE: '9', FAKE_FAILING_STAGE: 'dpo' });
    expect(first.exitCode).toBe(9);
    expect(await readExitCode(place)).toBe(9);
    expect(first.stdout).toContain('== sft\n');
    const second = await run(place);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).not.toContain('== sft\n');
    expect(second.stdout).toContain('== dpo\n');
    expect(await readExitCode(place)).toBe(0);
  });

  test.each([
    ['nothing', ':'],
    ['an empty directory', 'mkdir -p sft/adapter'],
    [
      'only a checkpoint',
      'mkdir -p sft/adapter/checkpoint-9; echo w >sft/adapter/checkpoint-9/model.safetensors',
    ],
    ['empty weights', 'mkdir -p sft/adapter; : >sft/adapter/model.safetensors'],
    ['a directory in place of weights', 'mkdir -p sft/adapter/model.safetensors'],
    ['a link to weights that are gone', 'mkdir -p sft/adapter; ln -s gone sft/adapter/model.safetensors'],
    ['a file in place of the directory', 'mkdir -p sft; echo w >sft/adapter'],
    ['its own mark', 'mkdir -p done sft/adapter; : >done/sft'],
    ['directories in place of marks', 'mkdir -p done/sft exit_code/x exit_code.partial/x'],
    ['no place for marks', 'mkdir -p sft/adapter; echo w >sft/adapter/a.safetensors; rm -r done; : >done'],
  ])('fails when a trainer exits with 0 and leaves %s', async (_what, commands) => {
    const place = await prepare({});
    const trainer = join(folder, `trainer ${jobs}`);
    await writeFile(trainer, `#!/usr/bin/env bash\n${commands}\n`, { mode: 0o755 });
    const { exitCode, stderr } = await run(place, { ALOE_PYTHON: trainer });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/left no weights in sft\/adapter|done\/sft: Not a directory/);
    expect(await readExitCode(place)).toBe(1);
  });

  test('writes its exit status when terminated', async () => {
    const place = await prepare({});
    // A single process from its first word on: a signal can meet no fork.
    const endless = join(folder, 'endless');
    await writeFile(endless, '#!/bin/sh\necho training\nexec sleep 600\n', { mode: 0o755 });
    const child = spawn('bash', [join(place, 'run.sh')], {
      detached: true,
      env: { ...process.env, ALOE_PYTHON: endless },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    for await (const line of createInterface(child.stdout)) if (line === 'training') break;
    process.kill(-child.pid!, 'SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    expect(await readExitCode(place)).toBe(143);
    expect(await exists(join(place, 'done/sft'))).toBe(false);
  });

  test('on several nodes, the others wait for the first and only it merges', async () => {
    const options = { resources: { gpus: 1, nodes: 2 }, sftOptions: { seed: jobs++ } };
    const rendered = await renderJob(await small(options));
    const place = join(folder, `nodes ${jobs}`);
    await writeJobFolder(place, rendered, undefined);
    const [first, second] = await Promise.all(
      ['0', '1'].map((rank) => run(place, { NODE_RANK: rank, MASTER_ADDR: '127.0.0.1' })),
    );
    expect([first?.exitCode, second?.exitCode]).toEqual([0, 0]);
    expect(first?.stdout).toContain('== sft-merge');
    // It may say that it waits for the first to merge.
    expect(second?.stdout).not.toContain('== sft-merge');
    expect(second?.stdout).toContain('== sft\n');
  });

  test('on several nodes, says what is missing on a node that does not know the first', async () => {
    const options = { resources: { gpus: 1, nodes: 2 }, sftOptions: { seed: jobs++ } };
    const place = join(folder, `alone ${jobs}`);
    await writeJobFolder(place, await renderJob(await small(options)), undefined);
    const { exitCode, stderr } = await run(place);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/MASTER_ADDR: This job is for several nodes/);
    expect(await readExitCode(place)).toBe(exitCode);
  });
});
