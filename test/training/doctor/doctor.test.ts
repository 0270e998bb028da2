import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFakeTrainer } from '../../../src/testing/fake-trainer.ts';
import { local } from '../../../src/training/backends/local.ts';
import { checkSlurm } from '../../../src/training/backends/slurm/check.ts';
import { checkPython } from '../../../src/training/doctor/check-python.ts';
import { doctor } from '../../../src/training/doctor/doctor.ts';
import type { InteractToAlignOptions } from '../../../src/training/job/interact-to-align.ts';
import type { Finding } from '../../../src/training/training-backend.ts';
import { QWEN } from '../plan/configs.ts';
import { makeSmallJob } from '../small-job.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-doctor-'));
});
afterAll(() => rm(folder, { recursive: true }));

const small = (options: Partial<InteractToAlignOptions> = {}) => makeSmallJob(join(folder, 'data'), options);
const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ check, level }) => `${level} ${check}`);

describe('doctor', () => {
  test('names an argument that is not what it should be', async () => {
    const job = await small();
    await expect(doctor(job, {} as never)).rejects.toThrow('Option "backend": expected a training backend');
    const backend = local({ dir: join(folder, 'jobs') });
    await expect(doctor(job, backend, { tokeniser: null } as never)).rejects.toThrow(
      'Did you mean "tokenizer"?',
    );
  });

  test('finds data that cannot be trained on, with its line', async () => {
    const python = await writeFakeTrainer(join(folder, 'python'));
    const backend = local({ dir: join(folder, 'jobs'), python });
    const broken = join(folder, 'broken.jsonl');
    const same = [{ role: 'assistant', content: 'Same.' }];
    const prompt = [{ role: 'user', content: 'Hello?' }];
    await writeFile(broken, `${JSON.stringify({ prompt, chosen: same, rejected: same })}\n`);
    const job = await small({ sft: broken, dpo: broken });
    const findings = await doctor(job, backend);
    expect(wrong(findings)).toEqual(expect.arrayContaining(['error data of sft', 'error data of dpo']));
    expect(findings.some(({ message }) => message.includes('broken.jsonl, line 1: '))).toBe(true);
    expect(
      findings.some(
        ({ message, remedy }) => message.includes('has the format trl-dpo') && remedy?.includes('trlSft'),
      ),
    ).toBe(true);
    await writeFile(broken, '');
    expect((await doctor(job, backend))[0]).toMatchObject({
      level: 'error',
      remedy: 'Make the job again with interactToAlign().',
    });
  });

  test('warns of reference log-probabilities that FSDP2 cannot compute in advance', async () => {
    const backend = local({
      dir: join(folder, 'jobs'),
      python: await writeFakeTrainer(join(folder, 'python')),
    });
    const look = async (launch: 'fsdp2' | 'zero3') => {
      const dpoOptions = { precompute_ref_log_probs: true };
      const job = await small({ preset: 'paper', resources: { gpus: 2 }, launch, dpoOptions });
      return wrong(await doctor(job, backend)).filter((text) => text.endsWith('reference'));
    };
    expect(await look('fsdp2')).toEqual(['warning reference']);
    expect(await look('zero3')).toEqual([]);
  });

  test('says when it could not look for rows that are too long', async () => {
    const python = await writeFakeTrainer(join(folder, 'python'));
    const backend = local({ dir: join(folder, 'jobs'), python });
    const job = await small({ sftOptions: { max_length: 8 }, dpoOptions: { max_length: null } });
    const said = (findings: readonly Finding[]) =>
      findings.filter(({ message }) => message.includes('were not looked for')).map(({ check }) => check);
    expect(said(await doctor(job, backend))).toEqual(['data of sft']);
    const tokenizer = { id: 'nine', countTokens: async () => 9 };
    const findings = await doctor(job, backend, { tokenizer });
    expect(said(findings)).toEqual([]);
    expect(wrong(findings)).toContain('warning data of sft');
  });

  test('says what to do without Python', async () => {
    const findings = await local({ dir: join(folder, 'jobs'), python: 'no-such-python' }).check(
      await small(),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]?.remedy).toContain('aloe train setup');
  });
});

describe('checkPython', () => {
  const GIB = 2 ** 30;
  const good = {
    python: '3.11.7',
    packages: {
      torch: '2.13.0+cpu',
      datasets: '5.0.1',
      trl: '1.13.0',
      transformers: '5.18.0',
      peft: '0.21.0',
      accelerate: '1.15.0',
      gguf: '0.19.0',
    },
    gpus: [{ name: 'A100', totalBytes: 80 * GIB, bf16: true }],
    freeDiskBytes: 500 * GIB,
    model: {
      error: null,
      parameters: 7.6e9,
      vocabulary: 150_000,
      contextLength: 32_768,
      template: null,
      config: QWEN,
    },
  };
  async function look(changes: object, options: Partial<InteractToAlignOptions> = {}): Promise<string[]> {
    const stdout = `a warning of a library\n${JSON.stringify({ ...good, ...changes })}`;
    const findings = await checkPython({
      job: await small({ resources: { gpus: 1 }, ...options }),
      folder,
      python: 'python3',
      hasGpus: true,
      run: async () => ({ exitCode: 0, stdout, stderr: '' }),
    });
    for (const { level, remedy } of findings) expect(remedy === null).toBe(level === 'ok');
    return wrong(findings);
  }

  test.each<[string, object, string[]]>([
    ['where all is there', {}, []],
    ['without a package', { packages: { ...good.packages, trl: null } }, ['error package trl']],
    [
      'without any',
      { packages: {} },
      Object.keys(good.packages)
        .map((name) => `error package ${name}`)
        .sort(),
    ],
    ['with another version', { packages: { ...good.packages, trl: '1.2.0' } }, ['warning package trl']],
    ['without a GPU', { gpus: [] }, ['error gpus']],
    [
      'on a small old GPU',
      { gpus: [{ name: 'T4', totalBytes: 16 * GIB, bf16: false }] },
      ['error bf16', 'error gpu memory'],
    ],
    ['without disk', { freeDiskBytes: GIB }, ['error disk']],
    ['without the base model', { model: { error: 'OSError: not found' } }, ['error base model']],
    [
      'with a base model that is not tuned to chat, and short',
      { model: { ...good.model, template: 'the tokenizer has none', contextLength: 512 } },
      ['error chat template', 'warning context'],
    ],
  ])('%s', async (_where, changes, expected) => {
    expect((await look(changes)).sort()).toEqual(expected);
  });

  test('requires deepspeed if it is used', async () => {
    expect(
      await look({ gpus: [good.gpus[0], good.gpus[0]] }, { resources: { gpus: 2 }, launch: 'zero3' }),
    ).toEqual(['error package deepspeed']);
  });

  test('a failure is reported with its own message', async () => {
    const run = async () => ({ exitCode: 1, stdout: '', stderr: 'SyntaxError: f-string' });
    const findings = await checkPython({ job: await small(), folder, python: 'python2', hasGpus: true, run });
    expect(findings).toMatchObject([{ level: 'error', message: 'python2 failed: SyntaxError: f-string' }]);
  });
});

describe('checkSlurm', () => {
  const SINFO = 'main*|up|2:00:00|4|gpu:a100:2(S:0)\nmain*|up|2:00:00|9|(null)\nlong|down|infinite|1|gpu:8\n';
  async function look(options: Partial<InteractToAlignOptions>, partition?: string): Promise<string[]> {
    const runCommand = async ([name]: readonly string[]) =>
      name === 'sinfo'
        ? { exitCode: 0, stdout: SINFO, stderr: '' }
        : { exitCode: 1, stdout: '', stderr: 'no Python here' };
    const findings = await checkSlurm(
      await small(options),
      { dir: folder, partition, runCommand },
      undefined,
    );
    return wrong(findings.filter(({ check }) => check !== 'python'));
  }

  test.each<[string, InteractToAlignOptions['resources'], string | undefined, string[]]>([
    ['what fits', { gpus: 2, timeLimitMinutes: 120 }, undefined, []],
    ['nodes without GPUs', { gpus: 0, nodes: 1 }, undefined, []],
    ['more GPUs than a node has', { gpus: 4 }, undefined, ['error nodes']],
    ['more time than is allowed', { gpus: 1, timeLimitMinutes: 121 }, undefined, ['error time limit']],
    ['a partition that is down', { gpus: 8, timeLimitMinutes: 9_999 }, 'long', ['error partition']],
    ['an unknown partition', { gpus: 1 }, 'fast', ['error partition']],
  ])('%s', async (_what, resources, partition, expected) => {
    const launch = (resources?.gpus ?? 1) > 1 ? 'ddp' : 'single';
    expect(await look({ resources, launch }, partition)).toEqual(expected);
  });
});
