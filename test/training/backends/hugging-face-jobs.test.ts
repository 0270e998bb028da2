import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import * as hub from '@huggingface/hub';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError, MissingKeyError, TrainingError } from '../../../src/errors.ts';
import { trainingBackendConformance, writeFakeTrainer } from '../../../src/testing/index.ts';
import {
  type HuggingFaceJobsOptions,
  huggingFaceJobs,
} from '../../../src/training/backends/hugging-face-jobs.ts';
import { fetchArtifacts } from '../../../src/training/fetch-artifacts.ts';
import type { InteractToAlignOptions } from '../../../src/training/job/interact-to-align.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type { TrainingBackend, TrainingHandle } from '../../../src/training/training-backend.ts';
import { sendJson, sendText } from '../servers/http-server.ts';
import { type HubServer, startHubServer } from '../servers/hub-server.ts';
import { makeSmallJob } from '../small-job.ts';

const TOKEN = 'hf_CanaryCanaryCanaryCanary0123456789';
const PUBLISHER = fileURLToPath(new URL('../servers/publish-with-node.ts', import.meta.url));

let folder: string;
let server: HubServer;
let jobs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe hub's $(touch pwned)-"));
  const trainer = await writeFakeTrainer(join(folder, 'trainer'));
  // What the container runs as Python: pip only says what it would do.
  const python = join(folder, 'python3');
  await writeFile(
    python,
    `#!/usr/bin/env bash
if [ "$1 $2" = '-m pip' ]; then echo "pip \${*:3}"; exit; fi
if [ "$1" = scripts/publish_result.py ]; then exec "$ALOE_TEST_NODE" "$ALOE_TEST_PUBLISHER" "\${@:2}"; fi
exec "${trainer.replace('$', '\\$')}" "$@"
`,
  );
  await chmod(python, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startHubServer({ token: TOKEN, path: folder });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const backend = (options: Partial<HuggingFaceJobsOptions> = {}): TrainingBackend =>
  huggingFaceJobs({
    repo: 'me/bees',
    flavor: 'a10g-small',
    token: TOKEN,
    hubUrl: server.url,
    secrets: { ALOE_TEST_NODE: process.execPath, ALOE_TEST_PUBLISHER: PUBLISHER },
    ...options,
  });

function makeJob(
  kind: 'short' | 'long' | 'failing' = 'short',
  options: Partial<InteractToAlignOptions> = {},
): Promise<TrainingJob> {
  return makeSmallJob(join(folder, 'data'), {
    sftOptions: { seed: jobs++, max_steps: 2 },
    dpoOptions: { max_steps: kind === 'long' ? 10_000 : 2 },
    environment: { NASTY: "it's $HOME `x`\n", ...(kind === 'failing' && { FAKE_EXIT_CODE: '7' }) },
    ...options,
  });
}

async function ended(handle: TrainingHandle): Promise<string> {
  return vi.waitFor(
    async () => {
      const { state } = await backend().status(handle);
      expect(['queued', 'running']).not.toContain(state);
      return state;
    },
    { timeout: 200_000, interval: 50 },
  );
}

async function failure(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(inspect(error, { depth: null })).not.toContain(TOKEN);
  return error as Error;
}

const changes = () => server.seen.filter(({ method }) => method !== 'GET').map(({ url }) => url.pathname);

describe('huggingFaceJobs keeps the contract', () => {
  const checks = trainingBackendConformance({
    create: () => backend(),
    job: (kind, name) => makeJob(kind, { name }),
    unknown: (handle) => ({ ...handle, id: 'none' }),
    failingExitCode: 7,
    pollMs: 50,
    timeoutMs: 50_000,
  });
  test.each(checks)('$name', ({ run }) => run());
});

test('the server of these tests is accepted by the official client', async () => {
  const to = { namespace: 'me', hubUrl: server.url, accessToken: TOKEN };
  const repo = { type: 'dataset', name: 'me/data' } as const;
  await hub.createRepo({ ...to, repo, visibility: 'private' });
  await hub.uploadFiles({
    ...to,
    repo,
    files: [{ path: 'a/run.sh', content: new Blob(['echo hello; echo "$WORD" >&2']) }],
  });
  const job = await hub.runJob({
    ...to,
    dockerImage: 'python:3.12',
    command: ['bash', '/in/run.sh'],
    flavor: 'cpu-basic',
    secrets: { WORD: 'mine' },
    labels: { run: 'r1' },
    volumes: [{ source: 'datasets/me/data', mountPath: '/in', path: 'a', readOnly: true }],
  });
  const lines = (await Array.fromAsync(hub.streamJobLogs({ ...to, jobId: job.id }))).map(
    ({ message }) => message,
  );
  expect(lines[0]).toContain('Job started');
  expect(lines.slice(1).sort()).toEqual(['hello', 'mine']);
  expect(await hub.getJob({ ...to, jobId: job.id })).toMatchObject({
    labels: { run: 'r1' },
    secrets: ['WORD'],
    status: { stage: 'COMPLETED' },
  });
  await expect(hub.cancelJob({ ...to, jobId: job.id })).rejects.toThrow('not running');
  expect((await hub.listJobs(to)).map(({ id }) => id)).toEqual([job.id]);
  expect((await hub.listJobHardware(to)).map(({ name }) => name)).toContain('a10g-small');
  expect(
    (await Array.fromAsync(hub.listFiles({ ...to, repo, recursive: true }))).map(({ path }) => path),
  ).toContain('a/run.sh');
});

describe('a submission', () => {
  test('uploads the directory to a private repository, and asks for what the job needs', async () => {
    const job = await makeJob('short', {
      name: 'Night shift!',
      resources: { gpus: 1, timeLimitMinutes: 90 },
    });
    const handle = await backend({ attempts: 2, namespace: 'hive' }).submit(job);
    const { tag: key } = handle.location;
    expect(await ended(handle)).toBe('succeeded');
    expect(server.jobs[0]!.spec).toEqual({
      dockerImage: 'python:3.12',
      command: ['bash', '/aloe/job.sh'],
      arguments: [],
      environment: { HF_ENDPOINT: server.url },
      secrets: { HF_TOKEN: TOKEN, ALOE_TEST_NODE: process.execPath, ALOE_TEST_PUBLISHER: PUBLISHER },
      flavor: 'a10g-small',
      timeoutSeconds: 5_400,
      attempts: 2,
      labels: { aloe_job: key, name: 'Night-shift-' },
      volumes: [{ type: 'dataset', source: 'me/bees-jobs', mountPath: '/aloe', path: key, readOnly: true }],
    });
    const data = server.repos.all.get('dataset me/bees-jobs')!;
    expect(data.private).toBe(true);
    expect(data.commits).toEqual([`Job ${key}`]);
    expect([...data.files.keys()]).toContain(`${key}/data/dpo/train.jsonl`);
    expect([...data.files.values()].some((bytes) => bytes.includes(TOKEN))).toBe(false);
    const { text } = await backend().logs(handle);
    expect(text).toMatch(/pip install .*torch==2/);
    expect(text).toMatch(/pip install .*--no-deps --require-hashes -r requirements-train.txt/);

    // The result is in a repository of the user's, and its weights have a checksum.
    const artifacts = await backend().artifacts(handle);
    expect(artifacts).toEqual([
      {
        path: 'model.safetensors',
        location: `${server.url}/me/bees/resolve/${key}/model.safetensors`,
        bytes: 6,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(server.repos.all.get('model me/bees')!.private).toBe(true);
    expect(await fetchArtifacts(artifacts, join(folder, 'fetched'))).toMatchObject({ elsewhere: artifacts });
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect(await (await fetch(artifacts[0]!.location, { headers })).text()).toBe('merged');
  });

  test('finds the job and the data that are there, also after its process was lost', async () => {
    const job = await makeJob('long');
    const first = await backend().submit(job);
    const before = changes().length;
    const again = await backend().submit({ ...job, name: 'another name' });
    expect(again).toEqual({ ...first, job: { ...first.job, name: 'another name' } });
    expect(changes()).toHaveLength(before);
    await backend().cancel(first);
    const second = await backend().submit(job);
    expect(second.id).not.toBe(first.id);
    expect(server.repos.all.get('dataset me/bees-jobs')!.commits).toHaveLength(1);
    await backend().cancel(second);
  });

  test('follows the pages of the list of jobs', async () => {
    const job = await makeJob('long');
    const first = await backend().submit(job);
    const { labels } = server.jobs[0]!.spec;
    const to = { namespace: 'me', hubUrl: server.url, accessToken: TOKEN };
    for (let other = 0; other < 8; other++) {
      const { id } = await hub.runJob({
        ...to,
        dockerImage: 'x',
        command: ['true'],
        flavor: 'cpu-basic',
        labels: labels!,
      });
      await vi.waitFor(async () =>
        expect((await hub.getJob({ ...to, jobId: id })).status.stage).toBe('COMPLETED'),
      );
      Object.assign(server.jobs[0]!, { stage: 'ERROR' });
    }
    expect((await backend().submit(job)).id).toBe(first.id);
    await backend().cancel(first);
  });

  test('to a hub that keeps no labels is cancelled and reported', async () => {
    server.keepsLabels = false;
    const error = await failure(backend().submit(await makeJob('long')));
    expect(error.message).toContain('does not keep the labels');
    expect(server.jobs.map(({ stage }) => stage)).toEqual(['CANCELED']);
  });

  test('never puts conversations into a public repository', async () => {
    const to = { hubUrl: server.url, accessToken: TOKEN };
    await hub.createRepo({ ...to, repo: 'datasets/me/bees-jobs', visibility: 'public' });
    const job = await makeJob();
    const error = await failure(backend().submit(job));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error.message).toContain('a private repository');
    expect(server.repos.all.get('dataset me/bees-jobs')!.commits).toEqual([]);
    expect(server.jobs).toEqual([]);
    expect(await backend().check(job)).toContainEqual(
      expect.objectContaining({ check: 'data', level: 'error' }),
    );
  });

  test('without a token says which one it needs, and sends nothing', async () => {
    vi.stubEnv('HF_TOKEN', TOKEN);
    const error = await failure(backend({ token: undefined }).submit(await makeJob()));
    expect(error).toBeInstanceOf(MissingKeyError);
    expect(server.seen).toEqual([]);
  });

  test('whose upload is refused is reported, and nothing is started', async () => {
    const job = await makeJob();
    server.fault = ({ method, url }, response) => {
      if (method === 'GET' && url.pathname.startsWith('/api/jobs')) return sendJson(response, []);
      sendJson(response, { error: `not with ${TOKEN}` }, method === 'GET' ? 404 : 403);
    };
    const error = await failure(backend().submit(job));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain('datasets/me/bees-jobs: not with [redacted]');
    expect(error.message).toContain('may write to this repository');
    expect(server.jobs).toEqual([]);
  });
});

describe('what is known of a job', () => {
  test.each([
    ['SCHEDULING', 'queued'],
    ['RUNNING', 'running'],
    ['UPDATING', 'running'],
    ['PAUSED', 'queued'],
    ['COMPLETED', 'succeeded'],
    ['CANCELED', 'cancelled'],
    ['STOPPED', 'cancelled'],
    ['DELETED', 'lost'],
    ['SOMETHING_NEW', 'running'],
  ])('in the stage %s is %s', async (stage, state) => {
    const handle = await backend().submit(await makeJob());
    server.fault = (_, response) => sendJson(response, { id: handle.id, status: { stage } });
    expect((await backend().status(handle)).state).toBe(state);
  });

  test('includes why it failed, from its log', async () => {
    const handle = await backend().submit(await makeJob('failing'));
    expect(await ended(handle)).toBe('failed');
    expect(await backend().status(handle)).toEqual({
      state: 'failed',
      exitCode: 7,
      reason: 'ValueError: told to fail',
    });
    expect(server.repos.all.has('model me/bees')).toBe(false);
  });

  test('includes each logged step as numbers, and not as output', async () => {
    const handle = await backend().submit(await makeJob());
    expect(await ended(handle)).toBe('succeeded');
    expect((await backend().metrics(handle)).map(({ stage, step }) => `${stage} ${step}`).sort()).toEqual([
      'dpo 1',
      'dpo 2',
      'sft 1',
      'sft 2',
    ]);
    const { text } = await backend().logs(handle);
    expect(text).toContain('step 2 of 2');
    expect(text).not.toContain('aloe-step');
  });

  test('includes the log of a job that goes on, whose stream never ends', async () => {
    const handle = await backend().submit(
      await makeJob('long', { environment: { FAKE_STEP_SECONDS: '60' } }),
    );
    await vi.waitFor(() => expect(server.jobs[0]!.log.map(({ data }) => data)).toContain('== sft'), {
      timeout: 30_000,
    });
    const { text, cursor } = await backend().logs(handle);
    expect(text).toContain('== sft');
    expect(Number(cursor)).toBe(server.jobs[0]!.log.length);
    await backend().cancel(handle);
  });

  test('is told without the token, though the job says it', async () => {
    const handle = await backend().submit(await makeJob());
    await ended(handle);
    const event = `data: ${JSON.stringify({ data: `using ${TOKEN}`, timestamp: new Date(0) })}\n\n`;
    server.fault = (_, response) => sendText(response, event, 200);
    expect((await backend().logs(handle)).text).toBe('using [redacted]\n');
  });
});

describe('a preview and a check', () => {
  test('send no data and contain no secret', async () => {
    const job = await makeJob('short', { resources: { gpus: 1, timeLimitMinutes: 120 } });
    const preview = await backend().preview(job);
    expect(server.seen).toEqual([]);
    const findings = await backend().check(job);
    expect(changes()).toEqual([]);
    expect(JSON.stringify([preview, findings])).not.toMatch(new RegExp(`${TOKEN}|${PUBLISHER}`));
    expect(JSON.parse(preview.files['job.json']!).secrets).toMatchObject({ HF_TOKEN: '[redacted]' });
    expect(preview.files['job.sh']).toContain('publish_result.py me/bees aloe-');
    expect(findings).toMatchObject([
      { check: 'account', level: 'ok' },
      {
        check: 'flavor',
        level: 'ok',
        message: 'a10g-small: 1 GPU of 24 GB, $1.00 an hour, at most $2.00 in its time limit of 120 minutes.',
      },
      { check: 'data', level: 'ok', message: 'datasets/me/bees-jobs will be created, private.' },
    ]);
  });

  test('say what is wrong before anything is spent', async () => {
    const levels = async (options: Partial<HuggingFaceJobsOptions>, gpus = 1) =>
      (await backend(options).check(await makeJob('short', { resources: { gpus } }))).map(
        ({ check, level, message }) => `${check} ${level}: ${message}`,
      );
    expect(await levels({ namespace: 'strangers' })).toContain(
      'account error: The token is of me, who is not a member of strangers.',
    );
    expect(await levels({ flavor: 'abacus' })).toContain('flavor error: There is no abacus.');
    expect((await levels({}, 2)).join()).toContain('flavor error');
    expect((await levels({ flavor: 'a10g-largex4' })).join()).toContain('flavor warning');
    expect((await levels({})).at(-1)).toBe(
      'time limit warning: The hub ends a job after 30 minutes, unless it has another time limit.',
    );
    expect((await levels({ token: 'hf_wrong0123456789abcdefghijkl' })).join()).toContain(
      'account error: hugging',
    );
  });
});

describe('a hub', () => {
  let handle: TrainingHandle;
  beforeEach(async () => {
    handle = await backend().submit(await makeJob());
  });

  test.each([
    ['that answers 429', 429, '{"error": "slow down"}', '429'],
    ['that answers 500', 500, '{"error": "broken"}', '500'],
    ['whose 404 is that of a proxy', 404, '<html>', '404'],
    ['that answers with garbage', 200, '<html>', 'not JSON'],
    ['that answers with another API', 200, '{"object": "job"}', 'unexpected response'],
  ])('%s is reported', async (_name, status, body, words) => {
    server.fault = (_, response) => {
      response.setHeader('retry-after', '0');
      sendText(response, body, status);
    };
    for (const call of ['status', 'artifacts'] as const) {
      const error = await failure(backend()[call](handle));
      expect(error).toBeInstanceOf(TrainingError);
      expect(error.message).toContain(words);
    }
    if (status === 200 || status === 404) return;
    expect((await failure(backend().logs(handle))).message).toContain(String(status));
  });

  test('that says nothing is reported', async () => {
    server.fault = () => undefined;
    const error = await failure(backend({ timeoutMs: 50 }).status(handle));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain('did not respond');
  });

  test('that lists pages for ever is given up', async () => {
    server.fault = ({ url }, response) => {
      response.setHeader('link', `<${url.pathname}?cursor=${Math.random()}>; rel="next"`);
      sendJson(response, []);
    };
    expect((await failure(backend().submit(await makeJob()))).message).toContain('never ends');
  });
});

test.each([
  ['repo', { repo: 'bees' }],
  ['repo', { repo: 'me/../bees' }],
  ['dataRepo', { dataRepo: 'https://other' }],
  ['flavor', { flavor: '' }],
  ['attempts', { attempts: 0 }],
  ['secrets', { secrets: { HF_TOKEN: 'x' } }],
  ['hubUrl', { hubUrl: 'localhost' }],
  ['flavour', { flavour: 'x' } as object],
])('a bad %s is refused at once', (option, options) => {
  expect(() => huggingFaceJobs({ repo: 'me/bees', flavor: 'x', ...options })).toThrow(`ption "${option}"`);
});
