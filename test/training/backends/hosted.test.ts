import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidFileError, InvalidOptionError, TrainingError } from '../../../src/errors.ts';
import { fileSha256 } from '../../../src/internal/hash.ts';
import { trainingBackendConformance } from '../../../src/testing/index.ts';
import { type EngineApi, engineApi } from '../../../src/training/backends/engine-api.ts';
import { checkHosted } from '../../../src/training/backends/hosted/check.ts';
import { type HostedBackendOptions, hosted } from '../../../src/training/backends/hosted.ts';
import { fetchArtifacts } from '../../../src/training/fetch-artifacts.ts';
import { type InteractToAlignOptions, interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type { TrainingBackend, TrainingHandle } from '../../../src/training/training-backend.ts';
import { type FineTuningServer, startFineTuningServer } from '../servers/fine-tuning-server.ts';
import { sendJson, sendText } from '../servers/http-server.ts';
import { writeSmallData } from '../small-job.ts';

const KEY = 'sk-canary-0123456789abcdef';

let folder: string;
let server: FineTuningServer;
let jobs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe hosted-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  const outcomes: Record<string, 'failed' | 'running'> = { broken: 'failed', endless: 'running' };
  server = await startFineTuningServer(KEY, ({ model }) => outcomes[model] ?? 'succeeded');
});
afterEach(() => server.close());

const backend = (options: Partial<HostedBackendOptions> = {}): TrainingBackend =>
  hosted({ baseUrl: `${server.url}/v1`, apiKey: KEY, ...options });

/** One stage, as these services take it; each job another one. */
async function makeJob(
  base = 'tiny-1',
  { name = 'Night shift!', ...changes }: Partial<InteractToAlignOptions> = {},
): Promise<TrainingJob> {
  const { dpo } = await writeSmallData(join(folder, 'data'));
  return interactToAlign({ base, dpo, name, dpoOptions: { seed: jobs++ }, ...changes });
}

async function succeed(handle: TrainingHandle): Promise<void> {
  for (let looks = 0; looks < 5; looks++) {
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

/** What the server was asked, without questions. */
const changes = () => server.seen.filter(({ method }) => method !== 'GET').map(({ url }) => url.pathname);

describe('hosted keeps the contract', () => {
  const bases = { short: 'tiny-1', long: 'endless', failing: 'broken' };
  const checks = trainingBackendConformance({
    create: () => backend(),
    job: (kind, name) => makeJob(bases[kind], { name }),
    unknown: (handle) => ({ ...handle, id: 'ftjob-none' }),
    failingExitCode: null,
    pollMs: 1,
  });
  test.each(checks)('$name', ({ run }) => run());
});

describe('the server of these tests', () => {
  test('is accepted by the official client', async () => {
    const client = new OpenAI({ apiKey: KEY, baseURL: `${server.url}/v1`, maxRetries: 0 });
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, '{"messages":[]}\n');
    const file = await client.files.create({ purpose: 'fine-tune', file: createReadStream(path) });
    expect(file).toMatchObject({
      filename: 'rows.jsonl',
      bytes: 16,
      purpose: 'fine-tune',
      status: 'processed',
    });
    const job = await client.fineTuning.jobs.create({
      model: 'tiny-1',
      training_file: file.id,
      method: { type: 'dpo', dpo: { hyperparameters: { beta: 0.1 } } },
      metadata: { run: 'r1' },
    });
    await client.fineTuning.jobs.create({ model: 'endless', training_file: file.id });
    const listed = await Array.fromAsync(client.fineTuning.jobs.list({ limit: 1 }));
    expect(listed.map(({ model }) => model)).toEqual(['endless', 'tiny-1']);
    expect(await Array.fromAsync(client.fineTuning.jobs.list({ metadata: { run: 'r1' } }))).toHaveLength(1);
    for (let looks = 0; looks < 3; looks++) await client.fineTuning.jobs.retrieve(job.id);
    expect(await client.fineTuning.jobs.retrieve(job.id)).toMatchObject({
      status: 'succeeded',
      fine_tuned_model: `ft:tiny-1:org::${job.id}`,
    });
    const events = await Array.fromAsync(client.fineTuning.jobs.listEvents(job.id, { limit: 2 }));
    expect(events.at(-1)!.message).toBe('Created fine-tuning job');
    expect(events[0]).toMatchObject({ type: 'metrics', data: { step: 3 } });
    await client.fineTuning.jobs.cancel(listed[0]!.id);
    await expect(client.fineTuning.jobs.cancel(job.id)).rejects.toThrow('400 Job has already completed');
    await expect(client.fineTuning.jobs.retrieve('none')).rejects.toThrow('404');
  });
});

describe('a submission', () => {
  test('sends rows in the format of the API, and translates the options it can', async () => {
    const { sft } = await writeSmallData(join(folder, 'data'));
    const resources = { gpus: 2 };
    const dpoOptions = { beta: 0.3, seed: 4 };
    const hyperparameters = { learning_rate_multiplier: 'auto', n_epochs: 7 } as const;
    await backend({ hyperparameters }).submit(await makeJob('ft:tiny', { resources, dpoOptions }));
    const sftOptions = {
      num_train_epochs: 3,
      per_device_train_batch_size: 2,
      gradient_accumulation_steps: 5,
    };
    const demonstrations = { train: sft, validation: sft };
    await backend().submit(
      await interactToAlign({ base: 'tiny-1', sft: demonstrations, resources, sftOptions }),
    );

    const [sftJob, dpoJob] = server.jobs;
    expect(dpoJob).toMatchObject({
      model: 'ft:tiny',
      seed: 4,
      suffix: 'night-shift',
      method: {
        type: 'dpo',
        dpo: {
          hyperparameters: { n_epochs: 7, batch_size: 16, beta: 0.3, learning_rate_multiplier: 'auto' },
        },
      },
      metadata: { aloe_job: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(sftJob).toMatchObject({
      model: 'tiny-1',
      validation_file: server.jobs[0]!.training_file,
      method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 3, batch_size: 20 } } },
    });
    const rowsOf = (id: string) => JSON.parse(server.files.get(id)!.text.split('\n')[0]!);
    expect(rowsOf(dpoJob!.training_file)).toEqual({
      input: { messages: [{ role: 'user', content: 'Night shift done. Coffee?' }] },
      preferred_output: [{ role: 'assistant', content: 'Decaf, or you stay up.' }],
      non_preferred_output: [{ role: 'assistant', content: 'Coffee is a popular beverage.' }],
    });
    expect(rowsOf(sftJob!.training_file)).toEqual({
      messages: [
        { role: 'user', content: 'Night shift done. Coffee?' },
        { role: 'assistant', content: 'Decaf, or you stay up.' },
      ],
    });
  });

  test('finds existing data and jobs, on any page', async () => {
    const job = await makeJob('endless');
    const first = await backend().submit(job);
    for (let other = 0; other < 120; other++) await backend().submit(await makeJob('endless'));
    const before = changes().length;
    expect(await backend().submit({ ...job, name: 'another name' })).toEqual({
      ...first,
      job: { ...first.job, name: 'another name' },
    });
    expect(changes()).toHaveLength(before);
    expect(server.files.size).toBe(1);
  });

  test('is repeated for a job that failed', async () => {
    const job = await makeJob('broken');
    const first = await backend().submit(job);
    for (let looks = 0; looks < 4; looks++) await backend().status(first);
    const second = await backend().submit(job);
    expect(second.id).not.toBe(first.id);
    expect(server.files.size).toBe(1);
  });

  test('of the same job by two processes at once leaves one of them', async () => {
    const job = await makeJob('endless');
    const handles = await Promise.all(Array.from({ length: 4 }, () => backend().submit(job)));
    expect(new Set(handles.map(({ id }) => id)).size).toBe(1);
    expect(server.jobs.filter(({ status }) => status !== 'cancelled').map(({ id }) => id)).toEqual([
      handles[0]!.id,
    ]);
  });

  test('accepts one stage at a time: the next one starts from the first one’s model', async () => {
    const { sft, dpo } = await writeSmallData(join(folder, 'data'));
    const both = await failure(backend().submit(await interactToAlign({ base: 'tiny-1', sft, dpo })));
    expect(both).toBeInstanceOf(InvalidOptionError);
    expect(both.message).toContain('exactly one');

    const first = await backend().submit(await interactToAlign({ base: 'tiny-1', sft }));
    await succeed(first);
    const base = (await backend().artifacts(first)).at(-1)!.location;
    const second = await backend().submit(await interactToAlign({ base, dpo }));
    await succeed(second);
    expect((await backend().artifacts(second)).at(-1)).toEqual({
      path: 'model',
      location: `ft:ft:tiny-1:org::${first.id}:org::${second.id}`,
      bytes: null,
      sha256: null,
    });
  });

  test('of a local directory as base is refused, also as a preview', async () => {
    const base = join(folder, 'base');
    await mkdir(base, { recursive: true });
    await writeFile(join(base, 'config.json'), '{}');
    const job = await makeJob(base);
    for (const call of [backend().submit(job), backend().preview(job)]) {
      expect((await failure(call)).message).toContain('Option "base"');
    }
    expect(await backend().check(job)).toContainEqual(
      expect.objectContaining({ check: 'job', level: 'error', message: expect.stringContaining('"base"') }),
    );
    expect(server.seen.filter(({ url }) => url.pathname.endsWith('/files'))).toEqual([]);
  });

  test('to a service that keeps no metadata is cancelled and reported, since it could be paid for twice', async () => {
    server.keepsMetadata = false;
    const error = await failure(backend().submit(await makeJob('endless')));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain('does not keep the metadata');
    expect(error.message).toContain(`Job ${server.jobs[0]!.id} was cancelled.`);
    expect(server.jobs.map(({ status }) => status)).toEqual(['cancelled']);
  });

  test('leaves the query of the URL, which may hold a key, out of handle and preview', async () => {
    const secret = 'canary-in-the-query-1';
    const service = backend({ baseUrl: `${server.url}/v1?api_key=${secret}` });
    const job = await makeJob();
    const handle = await service.submit(job);
    expect(server.seen.every(({ url }) => url.searchParams.get('api_key') === secret)).toBe(true);
    await succeed(handle);
    const told = [handle, await service.preview(job), await service.artifacts(handle)];
    expect(JSON.stringify(told)).not.toContain(secret);
    expect(handle.location.server).toBe(`${server.url}/v1`);
  });

  const user = { role: 'user', content: 'Coffee?' };
  const good = { role: 'assistant', content: 'Decaf.' };
  const bad = { role: 'assistant', content: 'Coffee.' };
  test.each([
    ['no object', 4],
    ['another format', { text: 'Coffee?' }],
    ['a key too many', { prompt: [user], chosen: [good], rejected: [bad], score: 4 }],
    ['two messages on a side', { prompt: [user], chosen: [good, good], rejected: [bad] }],
    ['a side that is not the assistant', { prompt: [user], chosen: [user], rejected: [bad] }],
    [
      'a message without text',
      { prompt: [user], chosen: [{ role: 'assistant', content: ' \n' }], rejected: [bad] },
    ],
    ['equal sides', { input: { messages: [user] }, preferred_output: [good], non_preferred_output: [good] }],
    ['nobody to answer', { prompt: [user, good], chosen: [good], rejected: [bad] }],
  ])('of data with %s is refused with its line, before anything is sent', async (_name, row) => {
    const job = await makeJob();
    const path = join(folder, 'rows.jsonl');
    const whole = JSON.stringify({ prompt: [user, good, user], chosen: [good], rejected: [bad] });
    await writeFile(path, `${whole}\n${JSON.stringify(row)}\n`);
    const train = { path, sha256: await fileSha256(path) };
    const stages = job.stages.map((stage) => ({ ...stage, train }));
    const error = await failure(backend().submit({ ...job, stages }));
    expect(error).toBeInstanceOf(InvalidFileError);
    expect(error.message).toMatch(/rows\.jsonl: line 2: .{6}/);
    expect(changes()).toEqual([]);
  });

  test('of data that has changed is refused', async () => {
    const job = await makeJob();
    await writeFile(job.stages[0]!.train.path, '{}\n');
    expect((await failure(backend().submit(job))).message).toContain('has changed since the job was made');
  });

  test('keeps the context of a demonstration from being trained', async () => {
    const path = join(folder, 'sft.jsonl');
    await writeFile(path, `${JSON.stringify({ prompt: [user, bad, user], completion: [good] })}\n`);
    await backend().submit(await interactToAlign({ base: 'tiny-1', sft: path }));
    expect(JSON.parse([...server.files.values()][0]!.text)).toEqual({
      messages: [user, { ...bad, weight: 0 }, user, good],
    });
  });
});

describe('what is known of a job', () => {
  test.each([
    ['validating_files', 'queued', 'validating_files'],
    ['queued', 'queued', null],
    ['running', 'running', null],
    ['paused', 'queued', 'paused'],
    ['completed', 'succeeded', 'completed'],
    ['canceled', 'cancelled', 'canceled'],
    ['deploying', 'running', 'deploying'],
  ])('with the status %s is %s', async (status, state, reason) => {
    const handle = await backend().submit(await makeJob());
    server.fault = (_, response) => sendJson(response, { id: handle.id, status });
    expect(await backend().status(handle)).toEqual({ state, exitCode: null, reason });
  });

  test('includes the failure in the service’s words', async () => {
    const handle = await backend().submit(await makeJob('broken'));
    for (let looks = 0; looks < 3; looks++) await backend().status(handle);
    expect(await backend().status(handle)).toEqual({
      state: 'failed',
      exitCode: null,
      reason: 'exceeded_quota: Creating this fine-tuning job would exceed your quota',
    });
  });

  test('includes its events as lines, from a cursor on, and its metrics as numbers', async () => {
    const handle = await backend().submit(await makeJob());
    const first = await backend().logs(handle);
    expect(first.text).toMatch(/^2026-\d\d-\d\dT[\d:.]+Z info Created fine-tuning job\n$/);
    await succeed(handle);
    const rest = await backend().logs(handle, first.cursor);
    expect(rest.text.split('\n').map((line) => line.slice(25))).toEqual([
      'info The job is queued',
      'info The job is running',
      'info Step 3: training loss=0.5',
      '',
    ]);
    expect(await backend().logs(handle, rest.cursor)).toEqual({ text: '', cursor: rest.cursor });
    expect(await backend().metrics(handle)).toEqual([{ stage: 'dpo', step: 3, values: { train_loss: 0.5 } }]);
  });
});

describe('what a service says', () => {
  let handle: TrainingHandle;
  beforeEach(async () => {
    handle = await backend().submit(await makeJob());
  });

  test('is reported without the key that it repeats', async () => {
    const error = { code: 'bad', message: `your key ${KEY}` };
    server.fault = (_, response) => sendJson(response, { id: handle.id, status: 'failed', error });
    expect((await backend().status(handle)).reason).toBe('bad: your key [redacted]');
    const event = { id: 'e1', created_at: 1, message: `using ${KEY}` };
    server.fault = (_, response) => sendJson(response, { data: [event] });
    expect((await backend().logs(handle)).text).toMatch(/info using \[redacted\]\n$/);
  });

  test('is sorted by time, from a cursor on', async () => {
    const events = [1, 2, 2, 3].map((created_at, index) => ({
      id: `e${index}`,
      created_at,
      message: `m${index}`,
    }));
    for (const data of [events, events.toReversed()]) {
      server.fault = (_, response) => sendJson(response, { data });
      const { text, cursor } = await backend().logs(handle);
      expect(text.match(/m\d/g)).toEqual(['m0', 'm1', 'm2', 'm3']);
      expect(cursor).toBe('e3');
      expect((await backend().logs(handle, 'e1')).text.match(/m\d/g)).toEqual(['m2', 'm3']);
    }
  });

  test('never turns a local file into a part of the result', async () => {
    const path = join(folder, 'private.txt');
    await writeFile(path, 'mine');
    server.fault = (_, response) =>
      sendJson(response, { id: handle.id, status: 'succeeded', fine_tuned_model: path });
    const artifacts = await backend().artifacts(handle);
    expect(await fetchArtifacts(artifacts, join(folder, 'fetched'))).toEqual({
      copied: [],
      elsewhere: artifacts,
    });
  });
});

describe('a preview and a check', () => {
  test('send no data and contain no secret', async () => {
    const job = await makeJob();
    const preview = await backend().preview(job);
    expect(preview.actions).toEqual([
      expect.stringMatching(
        /\/v1\/files \(aloe-[0-9a-f]{32}\.jsonl: 8 rows, \d+ bytes; skipped if already uploaded\)$/,
      ),
      `POST ${server.url}/v1/fine_tuning/jobs (request.json, with the ids of the uploaded files)`,
    ]);
    const request = JSON.parse(preview.files['request.json']!);
    const findings = await backend().check(job);
    expect(changes()).toEqual([]);
    expect(JSON.stringify([preview, findings])).not.toContain(KEY);
    expect(findings.map(({ check, level }) => [check, level])).toEqual([
      ['service', 'ok'],
      ['data', 'warning'],
      ['options', 'warning'],
    ]);
    expect(findings[2]!.message).toContain('learning_rate');

    await backend().submit(job);
    const sent = JSON.parse(
      server.seen
        .find(({ url, method }) => method === 'POST' && url.pathname.endsWith('jobs'))!
        .body.toString(),
    );
    expect({ ...sent, training_file: request.training_file }).toEqual(request);
  });

  test.each([
    ['2027-01-05', 'warning', 'from 2027-01-06 on'],
    ['2027-01-06', 'error', 'since 2027-01-06'],
  ])('say on %s that OpenAI closes', async (day, level, words) => {
    vi.useFakeTimers({ now: new Date(day), toFake: ['Date'] });
    const url = new URL('https://api.openai.com/v1');
    const server = { option: 'baseUrl', url: url.href, example: '' };
    const api = engineApi('hosted', server, {});
    // Nothing is sent to OpenAI.
    const local: EngineApi = { ...api, read: async (schema) => schema.parse({ data: [] }) };
    const findings = await checkHosted(local, await makeJob(), undefined).finally(() => vi.useRealTimers());
    expect(findings[0]).toMatchObject({ check: 'openai', level, message: expect.stringContaining(words) });
  });

  test('say what is wrong before anything is spent', async () => {
    const findings = await backend({ apiKey: 'sk-wrong-00000000000' }).check(
      await interactToAlign({ base: 'tiny-1', ...(await writeSmallData(join(folder, 'data'))) }),
    );
    expect(findings).toEqual([
      expect.objectContaining({ check: 'service', level: 'error', message: expect.stringContaining('401') }),
      expect.objectContaining({
        check: 'job',
        level: 'error',
        remedy: expect.stringContaining('Train sft first'),
      }),
    ]);
  });
});

describe('a bad server', () => {
  let handle: TrainingHandle;
  beforeEach(async () => {
    handle = await backend().submit(await makeJob());
  });

  test.each([
    ['a web page', '<html><h1>Login</h1></html>', 'not JSON'],
    ['half a JSON', '{"id": "ftjob-1", "stat', 'not JSON'],
    ['another API', '{"object": "job"}', 'unexpected response'],
    ['an impossible time', '{"id": "a", "status": "running", "created_at": 1e300}', 'created_at'],
  ])('that responds with %s is reported', async (_name, body, words) => {
    server.fault = (_, response) => sendText(response, body, 200);
    const error = await failure(backend().status(handle));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain(words);
  });

  test.each([
    ['of a proxy', '<html>Not Found</html>'],
    ['of another server', '{"detail": "Not Found"}'],
  ])('whose 404 is that %s does not end the job', async (_name, body) => {
    server.fault = (_, response) => sendText(response, body, 404);
    const error = await failure(backend().status(handle));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain('404');
  });

  test.each(['..', ''])('that names a job "%s" is reported', async (id) => {
    server.fault = (_, response) => sendJson(response, { id, status: 'running' });
    expect((await failure(backend().status(handle))).message).toContain('not a usable id');
  });

  test('that gives new events for ever is given up', async () => {
    let ids = 0;
    server.fault = (_, response) =>
      sendJson(response, { data: [{ id: `e${ids++}`, created_at: 1, message: 'm' }], has_more: true });
    const error = await failure(backend().logs(handle));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain('never ends');
  });

  test('that returns the same page forever is read once', async () => {
    const event = { id: 'e', created_at: 1, message: 'again' };
    server.fault = (_, response) => sendJson(response, { data: [event], has_more: true });
    expect((await backend().logs(handle)).text.match(/again/g)).toHaveLength(1);
  });

  test('that fails is sent nothing twice, and the next submission resumes there', async () => {
    const job = await makeJob();
    const { length } = changes();
    server.fault = (request, response) => {
      if (request.method === 'GET') return sendJson(response, { data: [] });
      sendJson(response, { error: { message: `overloaded: ${KEY}` } }, 503);
    };
    expect((await failure(backend().submit(job))).message).toContain('503 overloaded');
    expect(changes()).toHaveLength(length + 1);
    server.fault = undefined;
    await succeed(await backend().submit(job));
  });

  test('that redirects gets no key for the new address', async () => {
    const elsewhere = await startFineTuningServer('other', () => 'succeeded');
    server.fault = (_, response) => {
      response.writeHead(308, { location: `${elsewhere.url}/v1/files` });
      response.end();
    };
    expect((await failure(backend().submit(await makeJob()))).message).toContain(
      'redirects are not followed',
    );
    expect(elsewhere.seen).toHaveLength(0);
    await elsewhere.close();
  });
});

test.each([
  ['nothing', () => null],
  ['half a handle', () => ({ backend: 'hosted' })],
  ['a number as a place', (whole: TrainingHandle) => ({ ...whole, location: { stage: 5 } })],
  ['that of another backend', (whole: TrainingHandle) => ({ ...whole, backend: 'local' })],
])('as a handle %s is refused', async (_what, change) => {
  const wrong = change(await backend().submit(await makeJob()));
  const error = await failure(backend().status(wrong as unknown as TrainingHandle));
  expect(error).toBeInstanceOf(InvalidOptionError);
  expect(error.message).toContain('Option "handle"');
});

test.each([
  ['baseUrl', { baseUrl: 'localhost:8000/v1' }],
  ['apiKey', { apiKey: `${KEY}\n` }],
  ['uploadTimeoutMs', { uploadTimeoutMs: 0 }],
  ['url', { url: 'http://host/v1' } as object],
])('a bad %s is refused at once', (option, options) => {
  const make = () => hosted({ baseUrl: 'http://host/v1', ...options });
  expect(make).toThrow(`ption "${option}"`);
});
