import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidFileError, InvalidOptionError, TrainingError } from '../../../src/errors.ts';
import { fileSha256 } from '../../../src/internal/hash.ts';
import { trainingBackendConformance, writeFakeTrainer } from '../../../src/testing/index.ts';
import { type RayBackendOptions, ray } from '../../../src/training/backends/ray.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type { TrainingBackend, TrainingHandle } from '../../../src/training/training-backend.ts';
import { sendJson, sendText } from '../servers/http-server.ts';
import { type RayServer, startRayServer } from '../servers/ray-server.ts';
import { makeSmallJob } from '../small-job.ts';

const TOKEN = 'ray-canary-0123456789abcdef';

/** A file that is too large even before it is packed, and one that does not shrink. */
const BULKS = [
  {
    kind: 'by far',
    write: (path: string) => writeFile(path, '').then(() => truncate(path, 1_001 * 2 ** 20)),
  },
  ...(process.env.ALOE_HEAVY === '1'
    ? [{ kind: 'by a little', write: (path: string) => writeFile(path, randomBytes(101 * 2 ** 20)) }]
    : []),
];

let folder: string;
let python: string;
let server: RayServer;
let jobs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe ray's $(touch pwned) `x` %j {a} [b] *? $HOME \\ -"));
  python = await writeFakeTrainer(join(folder, 'bin dir', 'python'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startRayServer({ token: TOKEN });
});
afterEach(() => server.close());

const backend = (options: Partial<RayBackendOptions> = {}): TrainingBackend =>
  ray({ address: server.url, apiKey: TOKEN, dir: join(folder, 'shared'), python, ...options });

function makeJob(
  kind: 'short' | 'long' | 'failing' = 'short',
  changes: Partial<TrainingJob> = {},
): Promise<TrainingJob> {
  return makeSmallJob(join(folder, 'data'), {
    sftOptions: { seed: jobs++, max_steps: 2 },
    dpoOptions: { max_steps: kind === 'long' ? 10_000 : 2 },
    environment: { NASTY: "it's $HOME `x`\n", ...(kind === 'failing' && { FAKE_EXIT_CODE: '7' }) },
  }).then((job) => ({ ...job, ...changes }));
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

describe.each(['package', 'dir'] as const)('ray keeps the contract, data by %s', (upload) => {
  const checks = trainingBackendConformance({
    create: () => backend({ upload }),
    job: (kind, name) => makeJob(kind, { name }),
    unknown: (handle) => ({
      ...handle,
      id: 'none',
      location: { ...handle.location, folder: join(folder, 'none') },
    }),
    failingExitCode: 7,
    pollMs: 50,
    timeoutMs: 50_000,
  });
  test.each(checks)('$name', ({ run }) => run());
});

describe('a submission', () => {
  test('requests what the job needs, and sends equal data once', async () => {
    const needs = { gpus: 1, nodes: 1, cpus: 2, memoryGiB: 3, timeLimitMinutes: 9 };
    const job = await makeJob('short', { resources: needs });
    const runtimeEnv = { pip: ['trl==1.13.0'], env_vars: { HF_HUB_OFFLINE: '1' } };
    const handle = await backend({ runtimeEnv, graceMs: 19_500 }).submit(job);
    expect(await ended(handle)).toBe('succeeded');
    expect(server.submissions).toEqual([
      expect.objectContaining({
        submission_id: handle.id,
        metadata: { name: job.name },
        entrypoint_num_gpus: 1,
        entrypoint_num_cpus: 2,
        entrypoint_memory: 3 * 2 ** 30,
        entrypoint: expect.stringContaining('exec timeout -k 60 9m bash run.sh'),
        runtime_env: {
          pip: ['trl==1.13.0'],
          working_dir: expect.stringMatching(/^gcs:\/\/_ray_pkg_[0-9a-f]{32}\.zip$/),
          env_vars: { RAY_JOB_STOP_WAIT_TIME_S: '20', HF_HUB_OFFLINE: '1' },
        },
      }),
    ]);
    await backend().submit({ ...job, resources: { ...needs, gpus: 0 } });
    expect(server.seen.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  test('of a failed job continues with what is not done, as another attempt', async () => {
    const job = await makeJob('failing');
    const first = await backend().submit(job);
    expect(await ended(first)).toBe('failed');
    // Whatever stood in its way is gone.
    const state = join(first.location.folder!, 'run.sh');
    await writeFile(state, (await readFile(state, 'utf8')).replace(/^export FAKE_EXIT_CODE=7$/m, ''));
    const second = await backend().submit(job);
    expect(second.id).toBe(`${first.id}-2`);
    expect(await ended(second)).toBe('succeeded');
    expect(await backend().submit(job)).toEqual(second);
  });

  test('of a job that needs more than the cluster has waits, and says for what', async () => {
    const handle = await backend().submit(await makeJob('short', { resources: { gpus: 8, nodes: 1 } }));
    expect(await backend().status(handle)).toMatchObject({
      state: 'queued',
      reason: expect.stringContaining('waiting for resources'),
    });
    await backend().cancel(handle);
    expect(await backend().status(handle)).toMatchObject({ state: 'queued' });
  });

  test('for several nodes requests none for its driver, which asks for all at once', async () => {
    const needs = { gpus: 2, nodes: 3, cpus: 4, memoryGiB: 5, timeLimitMinutes: 6 };
    const { files } = await backend({ graceMs: 7_000 }).preview(await makeJob('short', { resources: needs }));
    const body = JSON.parse(files['submission.json']!);
    expect(Object.keys(body)).not.toContain('entrypoint_num_gpus');
    const [, settings = ''] = /ray_nodes\.py '(.*)'; fi/.exec(body.entrypoint) ?? [];
    expect(JSON.parse(settings)).toEqual({
      nodes: 3,
      bundle: { CPU: 4, GPU: 2, memory: 5 * 2 ** 30 },
      minutes: 6,
      graceSeconds: 7,
    });
    expect(files['scripts/ray_nodes.py']).toContain('STRICT_SPREAD');
    const alone = await backend().preview(await makeJob());
    expect(Object.keys(alone.files)).not.toContain('scripts/ray_nodes.py');
  });

  test('is refused for data that has changed', async () => {
    const job = await makeJob();
    await writeFile(job.stages[0]!.train.path, '{}\n');
    expect(await failure(backend().submit(job))).toBeInstanceOf(InvalidFileError);
    expect(server.submissions).toHaveLength(0);
  });

  test.each(BULKS)('of more than Ray accepts, $kind, names the alternative', async ({ write }) => {
    const path = join(folder, 'large.jsonl');
    await write(path);
    const job = await makeJob();
    const train = { path, sha256: await fileSha256(path) };
    const large = { ...job, stages: job.stages.slice(0, 1).map((stage) => ({ ...stage, train })) };
    const error = await failure(backend().submit(large));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error.message).toContain('at most 100 MiB');
    expect(error.message).toContain('upload: "dir"');
    expect(await backend().check(large)).toContainEqual(
      expect.objectContaining({ check: 'job', level: 'error', message: error.message }),
    );
    await rm(path);
  });
});

describe('what is known of a job', () => {
  test('includes metrics, and results with checksums, if this machine sees the directory', async () => {
    const handle = await backend().submit(await makeJob());
    expect(await ended(handle)).toBe('succeeded');
    expect(await backend().metrics(handle)).toContainEqual({
      stage: 'dpo',
      step: 2,
      values: { loss: 3.5, 'rewards/margins': 0.2 },
    });
    expect(await backend().artifacts(handle)).toContainEqual({
      path: 'dpo/model/model.safetensors',
      location: join(handle.location.folder!, 'dpo/model/model.safetensors'),
      bytes: 6,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('names the result if this machine does not see the directory', async () => {
    const handle = await backend().submit(await makeJob());
    expect(await ended(handle)).toBe('succeeded');
    const unseen = { ...handle, location: { ...handle.location, folder: '/mnt/cluster/x' } };
    expect(await backend().metrics(unseen)).toEqual([]);
    expect(await backend().artifacts(unseen)).toEqual([
      { path: 'dpo/model', location: '/mnt/cluster/x/dpo/model', bytes: null, sha256: null },
    ]);
  });

  test('is read from its directory when the cluster has forgotten it', async () => {
    const handle = await backend().submit(await makeJob());
    expect(await ended(handle)).toBe('succeeded');
    server.forget();
    expect(await backend().status(handle)).toMatchObject({ state: 'succeeded', exitCode: 0 });
    expect((await backend().artifacts(handle)).length).toBeGreaterThan(0);
    expect(await backend().logs(handle, '12')).toEqual({ text: '', cursor: '12' });
  });

  test('includes the outcome and the error in the log, if it failed', async () => {
    const handle = await backend().submit(await makeJob());
    const message = `Job entrypoint command failed with exit code 1, last available logs (truncated to 20,000 chars):\nstep 1\n\rValueError: bad ${TOKEN}\nand a word after it\n`;
    server.fault = (_, response) => sendJson(response, { status: 'FAILED', message, driver_exit_code: 1 });
    const status = await backend().status(handle);
    expect(status).toEqual({
      state: 'failed',
      exitCode: 1,
      reason: 'Job entrypoint command failed with exit code 1: ValueError: bad [redacted]',
    });
    server.fault = (_, response) => sendJson(response, { status: 'SNOOZING' });
    expect((await backend().status(handle)).state).toBe('running');
  });

  test('is refused for a handle without the job’s location', async () => {
    const handle = await backend().submit(await makeJob());
    await expect(backend().metrics({ ...handle, location: {} })).rejects.toThrow('handle.location.folder');
  });
});

describe('a preview and a check', () => {
  test('change nothing on the server, and contain no secret', async () => {
    const job = await makeJob();
    const preview = await backend({ runtimeEnv: { pip: ['x'] } }).preview(job);
    expect(preview.actions).toEqual([
      expect.stringMatching(/^PUT http:.*_ray_pkg_[0-9a-f]{32}\.zip \(\d+ bytes/),
      `POST ${server.url}/api/jobs/ (submission.json)`,
    ]);
    const secret = { env_vars: { HF_TOKEN: 'hf_0123456789abcdef' } };
    const shown = await backend({ runtimeEnv: secret }).preview(job);
    expect(JSON.stringify([preview, shown])).not.toMatch(/hf_0123456789abcdef|canary/);
    expect(server.seen).toHaveLength(0);

    await backend().submit(job);
    expect(JSON.parse((await backend().preview(job)).files['submission.json']!)).toEqual(
      server.submissions[0],
    );
    const findings = await backend().check(job);
    // The cluster's Python was looked at by a job, of which nothing is left.
    expect(findings).toContainEqual(expect.objectContaining({ check: 'package trl', level: 'warning' }));
    const [, look] = server.submissions;
    expect(look!.submission_id).toMatch(/^aloe-check-/);
    expect(server.seen).toContainEqual(
      expect.objectContaining({
        method: 'DELETE',
        url: expect.objectContaining({ pathname: `/api/jobs/${look!.submission_id}` }),
      }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'cluster',
        level: 'ok',
        message: expect.stringContaining('Ray 2.58.0'),
      }),
    );
    const greedy = await backend().check({ ...job, resources: { gpus: 8, nodes: 1 } });
    expect(greedy).toContainEqual(expect.objectContaining({ check: 'nodes', level: 'warning' }));
    const stranger = await backend({ apiKey: 'wrong-key-1', dir: '/mnt/none' }).check(job);
    expect(stranger.map(({ check, level }) => [check, level])).toEqual([
      ['cluster', 'error'],
      ['nodes', 'error'],
      ['package', 'ok'],
      ['dir', 'warning'],
    ]);
  });
});

describe('a bad server', () => {
  let handle: TrainingHandle;
  beforeEach(async () => {
    handle = { ...(await backend().submit(await makeJob())) };
  });

  test('that repeats keys gets none into logs, status and findings', async () => {
    const own = 'canary of the runtime environment';
    const using = backend({ runtimeEnv: { env_vars: { HUB_TOKEN: own } } });
    const echo = `${TOKEN} ${own} ${Buffer.from(own).toString('base64')}`;
    server.fault = (_, response) =>
      sendJson(response, { logs: echo, status: 'FAILED', message: echo, ray_version: echo });
    const said = [await using.logs(handle), await using.status(handle), await using.check(await makeJob())];
    expect(JSON.stringify(said).match(/\[redacted\]/g)!.length).toBeGreaterThan(5);
    expect(JSON.stringify(said)).not.toMatch(/canary of|Y2FuYXJ5/);
    expect(JSON.stringify(said)).not.toContain(TOKEN);
  });

  test.each([
    ['a web page', (text: string) => text, '<html><h1>Login</h1></html>', 'not JSON'],
    ['half a JSON', (text: string) => text, '{"status": "RUNN', 'not JSON'],
    ['another API', (text: string) => text, '{"state": "done"}', 'status'],
    ['JSON without end', (text: string) => text, '['.repeat(100_000), 'not JSON'],
  ])('that responds with %s is reported', async (_name, _as, body, words) => {
    server.fault = (_, response) => sendText(response, body, 200);
    const error = await failure(backend().status(handle));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain(words);
  });

  test('with the 404 of a proxy does not end the job', async () => {
    server.fault = (_, response) => sendText(response, '<html>This page does not exist</html>', 404);
    for (const call of [backend().status(handle), backend().logs(handle)]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(TrainingError);
      expect(error.message).toContain('404');
    }
  });

  test('that reports every attempt as failed is given up on', async () => {
    server.fault = (_, response) => sendJson(response, { status: 'FAILED' });
    const error = await failure(backend().submit(await makeJob()));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toContain('100 attempts');
  });

  test('that fails for a moment is asked again, but nothing is sent twice', async () => {
    let failures = 0;
    server.fault = ({ method }, response) => {
      failures += 1;
      if (failures === 2) server.fault = undefined;
      response.setHeader('retry-after', '0');
      sendText(response, `${method} failed with ${TOKEN}`, failures === 1 ? 429 : 503);
    };
    expect((await backend().status(handle)).state).not.toBe('lost');

    failures = 0;
    server.fault = ({ method }, response) => {
      failures += Number(method === 'POST');
      sendText(response, 'internal error', 500);
    };
    expect(await failure(backend().cancel(handle))).toBeInstanceOf(TrainingError);
    expect(failures).toBe(1);
  });

  test('that redirects gets no key for the new address', async () => {
    const elsewhere = await startRayServer();
    server.fault = (_, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/api/jobs/x` });
      response.end();
    };
    const error = await failure(backend().status(handle));
    expect(error.message).toContain('redirects are not followed');
    expect(elsewhere.seen).toHaveLength(0);
    await elsewhere.close();
  });

  test('that hangs is given up on, at once on an abort', async () => {
    server.fault = () => {};
    const error = await failure(backend({ timeoutMs: 100 }).status(handle));
    expect(error.message).toContain('no answer within 100 ms');
    const reason = new Error('stopped');
    const call = backend().status(handle, { signal: aborted(reason) });
    await expect(call).rejects.toBe(reason);
  });

  test('that is unreachable is reported with its address', async () => {
    const { host } = new URL(server.url);
    await server.close();
    const error = await failure(backend().submit(await makeJob()));
    expect(error.message).toContain(`${host} cannot be reached`);
  });
});

function aborted(reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 20);
  return controller.signal;
}

test.each([
  ['address', { address: 'localhost:8265' }],
  ['address', { address: `http://me:${TOKEN}@host:8265` }],
  ['dir', { dir: 'relative/path' }],
  ['python', { python: './bin/python' }],
  ['python', { python: '' }],
  ['upload', { upload: 'ftp' as 'package' }],
  ['graceMs', { graceMs: -1 }],
  ['storage', { storage: '/mnt' } as object],
  ['timeoutMs', { timeoutMs: 0 }],
  ['apiKey', { apiKey: `${TOKEN}\n` }],
])('a bad %s is refused at once', (option, options) => {
  const make = () => ray({ address: 'http://host:8265', dir: '/mnt', ...options });
  expect(make).toThrow(InvalidOptionError);
  expect(make).toThrow(`ption "${option}"`);
});
