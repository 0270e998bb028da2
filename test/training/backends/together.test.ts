import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { InvalidOptionError, TrainingError } from '../../../src/errors.ts';
import { trainingBackendConformance } from '../../../src/testing/index.ts';
import { type TogetherBackendOptions, together } from '../../../src/training/backends/together.ts';
import { type InteractToAlignOptions, interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type { TrainingBackend, TrainingHandle } from '../../../src/training/training-backend.ts';
import { sendJson, sendText } from '../servers/http-server.ts';
import { startTogetherServer, type TogetherServer } from '../servers/together-server.ts';
import { writeSmallData } from '../small-job.ts';

const KEY = 'tgp-canary-0123456789abcdef';

let folder: string;
let server: TogetherServer;
let jobs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe together-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  const outcomes: Record<string, 'error' | 'running'> = { broken: 'error', endless: 'running' };
  server = await startTogetherServer(KEY, ({ model = '' }) => outcomes[model] ?? 'completed');
});
afterEach(() => server.close());

const backend = (options: Partial<TogetherBackendOptions> = {}): TrainingBackend =>
  together({ baseUrl: `${server.url}/v1`, apiKey: KEY, ...options });

async function makeJob(
  base = 'tiny-1',
  { name = 'Night shift!', ...changes }: Partial<InteractToAlignOptions> = {},
): Promise<TrainingJob> {
  const { dpo } = await writeSmallData(join(folder, 'data'));
  return interactToAlign({ base, dpo, name, dpoOptions: { seed: jobs++ }, ...changes });
}

async function succeed(handle: TrainingHandle): Promise<void> {
  for (let looks = 0; looks < 8; looks++) {
    if ((await backend().status(handle)).state === 'succeeded') return;
  }
  expect.fail('it did not succeed');
}

async function failure(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(inspect(error, { depth: null })).not.toContain(KEY);
  return error as Error;
}

const changes = () => server.seen.filter(({ method }) => method !== 'GET').map(({ url }) => url.pathname);

describe('together keeps the contract', () => {
  const bases = { short: 'tiny-1', long: 'endless', failing: 'broken' };
  const checks = trainingBackendConformance({
    create: () => backend(),
    job: (kind, name) => makeJob(bases[kind], { name }),
    unknown: (handle) => ({ ...handle, id: 'ft-none' }),
    failingExitCode: null,
    pollMs: 1,
  });
  test.each(checks)('$name', ({ run }) => run());
});

test('the server of these tests is accepted by the official client, and our rows by its check', async () => {
  // As CommonJS: its check needs functions of Node that its ES modules do not find. Its upload does not work in Node at all,
  // which refuses a stream as body without `duplex` (0.52).
  const load = createRequire(import.meta.url);
  const { default: Together } = load('together-ai') as typeof import('together-ai');
  const { checkFile } = load('together-ai/lib/check-file') as {
    checkFile(path: string, purpose: string): Promise<{ is_check_passed: boolean; num_samples: number }>;
  };
  const client = new Together({ apiKey: KEY, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const { sft, dpo } = await writeSmallData(join(folder, 'data'));
  for (const data of [{ sft }, { dpo }]) {
    await backend().submit(await interactToAlign({ base: 'endless', ...data }));
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, [...server.files.values()].at(-1)!.text);
    expect(await checkFile(path, 'fine-tune')).toMatchObject({ is_check_passed: true, num_samples: 8 });
  }
  const files = (await client.files.list()).data;
  expect(await client.files.retrieve(files[1]!.id)).toMatchObject({ FileType: 'jsonl', Processed: true });

  const job = await client.fineTuning.create({
    model: 'tiny-1',
    training_file: files[1]!.id,
    training_method: { method: 'dpo', dpo_beta: 0.1 },
    training_type: { type: 'Lora', lora_r: 8, lora_alpha: 16 },
    suffix: 'mine',
  });
  for (let looks = 0; looks < 5; looks++) await client.fineTuning.retrieve(job.id);
  expect(await client.fineTuning.retrieve(job.id)).toMatchObject({
    status: 'completed',
    model_output_name: `me/tiny-1-mine-${job.id.slice(3)}`,
  });
  expect((await client.fineTuning.listEvents(job.id)).data[0]).toMatchObject({ type: 'job_pending' });
  expect((await client.fineTuning.listMetrics(job.id)).metrics).toHaveLength(2);
  expect((await client.fineTuning.modelLimits({ model_name: 'tiny-1' })).lora_training.max_rank).toBe(64);
  const [endless] = (await client.fineTuning.list()).data.filter(({ model }) => model === 'endless');
  expect((await client.fineTuning.cancel(endless!.id)).status).toBe('cancelled');
  await expect(client.fineTuning.cancel(job.id)).rejects.toThrow('400');
  await expect(client.fineTuning.retrieve('none')).rejects.toThrow('404');
});

describe('a submission', () => {
  test('translates the options of the trainer', async () => {
    const { sft } = await writeSmallData(join(folder, 'data'));
    const resources = { gpus: 2 };
    const settings = { n_checkpoints: 2 };
    const dpoOptions = { beta: 0.3, seed: 4, loss_type: ['sigmoid', 'sft'], loss_weights: [2, 1] };
    await backend({ settings }).submit(await makeJob('tiny-1', { resources, dpoOptions }));
    await backend().submit(
      await interactToAlign({
        base: 'tiny-1',
        sft: { train: sft, validation: sft },
        preset: 'paper',
        sftOptions: { lr_scheduler_type: 'linear', warmup_steps: 100 },
      }),
    );
    const [sftJob, dpoJob] = server.jobs;
    expect(dpoJob).toMatchObject({
      model: 'tiny-1',
      n_epochs: 1,
      batch_size: 8,
      gradient_accumulation_steps: 2,
      learning_rate: 1e-5,
      lr_scheduler: { lr_scheduler_type: 'cosine', lr_scheduler_args: { min_lr_ratio: 0, num_cycles: 0.5 } },
      warmup_ratio: 0.05,
      max_seq_length: 2_048,
      random_seed: 4,
      n_checkpoints: 2,
      training_method: { method: 'dpo', dpo_beta: 0.3, rpo_alpha: 0.5 },
      training_type: { type: 'Lora', lora_r: 32, lora_alpha: 64, lora_trainable_modules: 'all-linear' },
      suffix: expect.stringMatching(/^night-shift-[0-9a-f]{20}$/),
    });
    expect(sftJob).toMatchObject({
      validation_file: sftJob!.training_file,
      training_method: { method: 'sft', train_on_inputs: false },
      training_type: { type: 'Full' },
      packing: true,
      lr_scheduler: { lr_scheduler_type: 'linear', lr_scheduler_args: { min_lr_ratio: 0 } },
    });
    expect(sftJob).not.toHaveProperty('warmup_ratio');
  });

  test('of DPO starts from the model of an SFT job, by its id', async () => {
    const { sft } = await writeSmallData(join(folder, 'data'));
    const first = await backend().submit(await interactToAlign({ base: 'tiny-1', sft }));
    await succeed(first);
    const second = await backend().submit(await makeJob(first.id));
    expect(server.jobs[0]).toMatchObject({ from_checkpoint: first.id });
    expect(server.jobs[0]).not.toHaveProperty('model');
    await succeed(second);
    const download = `${server.url}/v1/finetune/download?ft_id=${second.id}&checkpoint=`;
    expect((await backend().artifacts(second)).map(({ path, location }) => [path, location])).toEqual([
      ['adapter', `${download}adapter`],
      ['merged', `${download}merged`],
      ['model', server.jobs[0]!.model_output_name],
    ]);
  });

  test('finds existing data and jobs, and is repeated for a job that failed', async () => {
    const job = await makeJob('broken');
    const first = await backend().submit(job);
    const before = changes().length;
    expect((await backend().submit({ ...job, name: 'another name' })).id).toBe(first.id);
    expect(changes()).toHaveLength(before);
    for (let looks = 0; looks < 4; looks++) await backend().status(first);
    expect((await backend().status(first)).reason).toBe('Training failed: loss is not finite');
    const second = await backend().submit(job);
    expect(second.id).not.toBe(first.id);
    expect(server.files.size).toBe(1);
  });

  test('of the same job by several processes at once leaves one of them', async () => {
    const job = await makeJob('endless');
    const handles = await Promise.all(Array.from({ length: 4 }, () => backend().submit(job)));
    expect(new Set(handles.map(({ id }) => id)).size).toBe(1);
    expect(server.jobs.filter(({ status }) => status !== 'cancelled').map(({ id }) => id)).toEqual([
      handles[0]!.id,
    ]);
  });

  test('to a service that keeps no suffix is cancelled and reported', async () => {
    server.keepsSuffix = false;
    const error = await failure(backend().submit(await makeJob('endless')));
    expect(error.message).toContain('does not keep the suffix');
    expect(server.jobs.map(({ status }) => status)).toEqual(['cancelled']);
  });
});

test('events are lines from a cursor on, and metrics are numbers in order', async () => {
  const handle = await backend().submit(await makeJob());
  const first = await backend().logs(handle);
  expect(first.text).toMatch(/^2026-\d\d-\d\dT[\d:.]+Z info Fine-tune request created\n$/);
  expect(await backend().metrics(handle)).toEqual([]);
  await succeed(handle);
  const rest = await backend().logs(handle, first.cursor);
  expect(rest.text.split('\n')[0]).toContain('The job is queued');
  expect(await backend().logs(handle, rest.cursor)).toEqual({ text: '', cursor: rest.cursor });
  expect(await backend().metrics(handle)).toEqual([
    { stage: 'dpo', step: 1, values: { 'train/loss': 1, epoch: 1 } },
    { stage: 'dpo', step: 2, values: { 'train/loss': 0.5, epoch: 1 } },
  ]);
});

describe('a preview and a check', () => {
  test('send no data and contain no secret', async () => {
    const job = await makeJob();
    const secret = 'wandb-canary-0123456789abcdef';
    const service = backend({ settings: { wandb_api_key: secret } });
    const preview = await service.preview(job);
    const findings = await service.check(job);
    expect(changes()).toEqual([]);
    expect(JSON.stringify([preview, findings])).not.toMatch(new RegExp(`${KEY}|${secret}`));
    expect(findings.map(({ check, level }) => [check, level])).toEqual([
      ['service', 'ok'],
      ['data', 'ok'],
      ['options', 'warning'],
      ['model', 'ok'],
    ]);
    expect(findings[2]!.message).toContain('save_strategy');
    await service.submit(job);
    const sent = JSON.parse(server.seen.findLast(({ method }) => method === 'POST')!.body.toString());
    expect(sent.wandb_api_key).toBe(secret);
    expect({ ...sent, training_file: undefined, wandb_api_key: undefined }).toEqual({
      ...JSON.parse(preview.files['request.json']!),
      training_file: undefined,
      wandb_api_key: undefined,
    });
  });

  test.each([
    ['a model it does not train', 'other/model', {}, 'does not train other/model'],
    ['more rows in a step than it allows', 'tiny-1', { resources: { gpus: 4 } }, 'batch_size 16 (at most 8)'],
    ['all weights, where it trains adapters', 'tiny-1', { preset: 'paper' as const }, 'only LoRA'],
  ])('report %s as an error', async (_name, base, given, words) => {
    const findings = await backend().check(await makeJob(base, given));
    expect(findings.at(-1)).toMatchObject({ level: 'error', message: expect.stringContaining(words) });
  });
});

describe('a server', () => {
  test.each([
    ['that answers 429', 429, '{"error": {"message": "slow down"}}', '429 slow down'],
    ['that answers 500', 500, '{"error": {"message": "broken"}}', '500 broken'],
    ['that answers with garbage', 200, '<html>', 'not JSON'],
    ['that answers with another API', 200, '{"object": "job"}', 'unexpected response'],
    ['whose 404 is that of a proxy', 404, '<html>', '404'],
  ])('%s is reported', async (_name, status, body, words) => {
    const handle = await backend().submit(await makeJob());
    server.fault = (_, response) => {
      response.setHeader('retry-after', '0');
      sendText(response, body, status);
    };
    for (const call of ['status', 'logs', 'metrics', 'cancel', 'artifacts'] as const) {
      // The body of a successful cancellation is not read, and no metrics are no fault.
      if (status === 200 && (call === 'cancel' || (call === 'metrics' && words !== 'not JSON'))) continue;
      const error = await failure(backend()[call](handle));
      expect(error).toBeInstanceOf(TrainingError);
      expect(error.message).toContain(words);
    }
  });

  test('that says nothing is reported', async () => {
    const handle = await backend().submit(await makeJob());
    server.fault = () => undefined;
    const error = await failure(backend({ timeoutMs: 50 }).status(handle));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain('did not respond');
  });

  test('that names a job ".." is reported', async () => {
    const handle = await backend().submit(await makeJob());
    server.fault = (_, response) => sendJson(response, { id: '..', status: 'running' });
    expect((await failure(backend().status(handle))).message).toContain('not a usable id');
  });
});

test.each([
  ['baseUrl', { baseUrl: 'localhost:8000/v1' }],
  ['settings.model', { settings: { model: 'x' } }],
  ['setings', { setings: {} } as object],
])('a bad %s is refused at once', (option, options) => {
  expect(() => together(options)).toThrow(InvalidOptionError);
  expect(() => together(options)).toThrow(`ption "${option}"`);
});
