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

  test('warns of so few steps that nothing is learned, unless a service trains in its own way', async () => {
    const backend = local({
      dir: join(folder, 'jobs'),
      python: await writeFakeTrainer(join(folder, 'python')),
    });
    const look = async (job: Partial<InteractToAlignOptions>, name = 'local') =>
      (await doctor(await small(job), { ...backend, name })).filter(({ check }) =>
        check.startsWith('steps of'),
      );
    const enough = { num_train_epochs: 2 };
    expect(await look({ sftOptions: enough, dpoOptions: enough })).toEqual([]);
    expect(await look({ sftOptions: enough })).toMatchObject([
      { check: 'steps of dpo', level: 'warning', remedy: expect.stringContaining('num_train_epochs') },
    ]);
    expect(await look({}, 'hosted')).toEqual([]);
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
  const plain = {
    variables: {},
    problem: null,
    repair: null,
    needed: false,
    dated: false,
    dateRepair: null,
  };
  const withTemplate = (changes: object) => ({
    model: { ...good.model, templates: [{ ...plain, ...changes }] },
  });
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
    options: { sft: null, dpo: null },
    model: {
      error: null,
      parameters: 7.6e9,
      config: QWEN,
      vocabulary: 150_000,
      contextLength: 32_768,
      processor: null,
      templates: [plain],
    },
  };
  async function findings(
    changes: object,
    options: Partial<InteractToAlignOptions> = {},
  ): Promise<readonly Finding[]> {
    const stdout = `a warning of a library\n${JSON.stringify({ ...good, ...changes })}`;
    const found = await checkPython({
      job: await small({ resources: { gpus: 1 }, ...options }),
      folder,
      python: 'python3',
      hasGpus: true,
      run: async () => ({ exitCode: 0, stdout, stderr: '' }),
    });
    for (const { level, remedy } of found) expect(remedy === null).toBe(level === 'ok');
    return found;
  }
  const look = async (...given: Parameters<typeof findings>) => wrong(await findings(...given));

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
    ['with an older version', { packages: { ...good.packages, trl: '1.2.0' } }, ['warning package trl']],
    ['with the newest tested one', { packages: { ...good.packages, trl: '1.16.0' } }, []],
    ['with a newer one', { packages: { ...good.packages, trl: '1.17.0' } }, ['warning package trl']],
    ['with a Python too old for its TRL', { python: '3.9.2' }, ['error python']],
    [
      'with a newer TRL on the Python before',
      { python: '3.10.4', packages: { ...good.packages, trl: '1.16.0' } },
      ['error python'],
    ],
    ['without what reads images', { model: { ...good.model, processor: 'needs torchvision' } }, []],
    [
      'with a template that writes the date',
      withTemplate({ dated: true }),
      ['warning date in the chat template'],
    ],
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
      {
        model: {
          ...good.model,
          templates: [{ ...plain, problem: 'the tokenizer has none' }],
          contextLength: 512,
        },
      },
      ['error chat template', 'warning context'],
    ],
  ])('%s', async (_where, changes, expected) => {
    expect((await look(changes)).sort()).toEqual(expected);
  });

  test('asks the TRL that will train about options that the library does not know', async () => {
    const known = (await small()).stages.map(({ options }) => Object.keys(options));
    const options = { sft: [...known[0]!, 'learning_rate'], dpo: [...known[1]!, 'new_in_next_release'] };
    const named = { sftOptions: { new_in_next_release: 1 }, dpoOptions: { new_in_next_release: 1 } };
    const found = await findings({ options }, named);
    expect(wrong(found)).toEqual(['error options of sft']);
    expect(found.find(({ check }) => check === 'options of sft')).toMatchObject({
      message: 'TRL 1.13.0 has no option "new_in_next_release".',
      remedy: 'Remove it from sftOptions, or install a TRL that has it.',
    });
  });

  test('says how to set a template that thinks or writes the date, and what to serve with', async () => {
    const told = async (changes: object, options: Partial<InteractToAlignOptions> = {}) =>
      (await findings(withTemplate(changes), options))
        .filter(({ check }) => check.includes('chat template'))
        .map(({ message, remedy }) => remedy ?? message);
    const thinks = { problem: "a server's prompt goes on", repair: { enable_thinking: false } };
    expect(await told(thinks)).toEqual([
      'Export with chatTemplateKwargs: {"enable_thinking":false} in trlSft() and trlDpo(). Serve and measure with the same.',
    ]);
    expect(await told({ variables: { enable_thinking: false }, needed: true })).toEqual([
      'A server\'s prompt is what training sees. Serve and measure with chat_template_kwargs {"enable_thinking":false}: other prompts were not trained.',
    ]);
    const dated = { dated: true, dateRepair: { date_string: '26 Jul 2024' } };
    expect((await told(dated))[1]).toContain('chatTemplateKwargs: {"date_string":"26 Jul 2024"}');
    expect((await told({ dated: true }))[1]).toContain('Set SOURCE_DATE_EPOCH');
    expect(await told({ dated: true }, { environment: { SOURCE_DATE_EPOCH: '1' } })).toHaveLength(1);
  });

  test('tries the template with the variables in the training rows', async () => {
    const sft = join(folder, 'variables.jsonl');
    const row = {
      prompt: [{ role: 'user', content: 'Hello?' }],
      completion: [{ role: 'assistant', content: 'Yes?' }],
      chat_template_kwargs: { enable_thinking: false },
    };
    await writeFile(sft, `${JSON.stringify(row)}\n${JSON.stringify(row)}\n`);
    let words: readonly string[] = [];
    const run = async (command: readonly string[]) => {
      words = command;
      return { exitCode: 1, stdout: '', stderr: '' };
    };
    await checkPython({ job: await small({ sft }), folder, python: 'python3', hasGpus: false, run });
    expect(JSON.parse(words.at(-1)!)).toEqual([{ enable_thinking: false }, {}]);
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
