import diagnostics from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { AloeEvaluator } from '../../../src/evaluation/aloe-evaluator.ts';
import { describeEvaluation } from '../../../src/evaluation/describe/describe-evaluation.ts';
import { saveEvaluation } from '../../../src/evaluation/evaluation-file.ts';
import { holisticJudge } from '../../../src/evaluation/judges/holistic-judge.ts';
import { openai } from '../../../src/models/openai.ts';
import { openaiCompatible } from '../../../src/models/openai-compatible.ts';
import { renderReport, writeReport } from '../../../src/report/index.ts';
import { openRun } from '../../../src/runs/run.ts';
import { writeFakeTrainer } from '../../../src/testing/fake-trainer.ts';
import { hosted } from '../../../src/training/backends/hosted.ts';
import { local } from '../../../src/training/backends/local.ts';
import { followTraining } from '../../../src/training/follow-training.ts';
import { interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import { runAloe } from '../../cli/run-program.ts';
import { teach } from '../../cli/teacher-server.ts';
import type { ChatServer } from '../../models/chat-server.ts';
import { startFineTuningServer } from '../../training/servers/fine-tuning-server.ts';
import { sendJson } from '../../training/servers/http-server.ts';
import { writeSmallData } from '../../training/small-job.ts';
import { canary, expectNoCanary, expectNoCanaryInFiles, headerCanary } from './canaries.ts';
import { startEchoServer } from './echo-server.ts';

/** Everything a value holds, as JSON and as a debugger shows it. */
const allOf = (value: unknown) =>
  `${JSON.stringify(value)} ${inspect(value, { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null })}`;

/** The arguments of every process that is started meanwhile. */
const started: { readonly spawnargs: readonly string[] }[] = [];
diagnostics.subscribe('child_process', (message) => {
  started.push((message as { process: { spawnargs: readonly string[] } }).process);
});

describe('no key is in anything that is written,', { timeout: 300_000 }, () => {
  let folder: string;
  const servers: ChatServer[] = [];
  const serve = async (): Promise<ChatServer> => {
    const server = await startEchoServer(teach);
    servers.push(server);
    return server;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-canaries-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(servers.splice(0).map((server) => server.close()));
    for (const { spawnargs } of started.splice(0))
      expectNoCanary(spawnargs.join(' '), 'arguments of a process');
    expect(await expectNoCanaryInFiles(folder)).toBeGreaterThan(0);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('by a run, an evaluation and a report on servers that repeat all they are sent', async () => {
    const [tuned, judging] = [await serve(), await serve()];
    vi.stubEnv('OPENAI_BASE_URL', judging.baseUrl);
    vi.stubEnv('OPENAI_API_KEY', headerCanary('environment'));
    const candidate = openaiCompatible('tuned', {
      baseUrl: `${tuned.baseUrl}?alt=json&key=${encodeURIComponent(canary('query'))}`,
      apiKey: headerCanary('bearer'),
      headers: { 'X-Api-Key': headerCanary('header'), Cookie: `session=${headerCanary('cookie')}; lang=en` },
      revision: 'r1',
    });
    const user = openai('user', { revision: 'r1' });
    const events: unknown[] = [];
    const dir = join(folder, 'run');
    const run = await openRun(dir, {
      seed: 7,
      retry: { retries: 2, baseDelayMs: 1, deadlineMs: 2_000 },
      onEvent: (event) => events.push(event),
    });
    const evaluator = new AloeEvaluator({
      run,
      user,
      judge: holisticJudge(user),
      // With more calls, one of them would meet the redirect, which ends an evaluation.
      otherPersona: false,
      cases: aloeCases({ count: 5, seed: 7 }),
      turns: 2,
      onEvent: (event) => events.push(event),
    });
    const thrown: unknown[] = [];
    const result = await evaluator.evaluate({ name: 'tuned', model: candidate }).catch((error: unknown) => {
      thrown.push(error);
    });
    for (const model of [candidate, user]) {
      for (let calls = 0; calls < 36; calls++) {
        await model
          .generate({ messages: [{ role: 'user', content: 'Hello!' }] })
          .then((reply) => events.push(reply))
          .catch((error: unknown) => thrown.push(error));
      }
    }
    await run.close();
    expect(result?.cases).toHaveLength(5);
    if (!result) return;
    await saveEvaluation(result, join(dir, 'tuned.json'));
    await writeReport({ evaluations: [result] }, join(dir, 'report.html'));
    expectNoCanary(renderReport({ evaluations: [result] }), 'the report');
    expectNoCanary(describeEvaluation(result), 'the description');

    expect(JSON.stringify(tuned.seen)).toContain('Kanari7-bearer');
    expect(JSON.stringify(judging.seen)).toContain('Kanari7-environment');
    expect(JSON.stringify(judging.seen.map(({ headers }) => headers))).not.toMatch(/bearer\/|Kanari7-header/);
    expect(JSON.stringify(tuned.seen.map(({ headers }) => headers))).not.toContain('Kanari7-environment');
    expect(thrown.length).toBeGreaterThan(10);
    expectNoCanary(allOf(events), 'events');
    expectNoCanary(allOf(thrown), 'errors');
    expectNoCanary(allOf(result), 'the result');
    expectNoCanary(allOf([candidate, user]), 'the models');
  });

  test('by the command line', async () => {
    const [tuned, judging] = [await serve(), await serve()];
    const env = {
      TUNED_KEY: headerCanary('tuned'),
      USER_KEY: headerCanary('user'),
      OPENAI_API_KEY: headerCanary('openai'),
      SOME_SECRET: canary('unused'),
    };
    const words = ['evaluate', '--model', 'tuned', '--base-url', tuned.baseUrl, '--key-env', 'TUNED_KEY'];
    const users = ['--user-model', 'u', '--user-base-url', judging.baseUrl, '--user-key-env', 'USER_KEY'];
    const small = ['--cases', '6', '--turns', '2', '--run', join(folder, 'cli'), '--name', 'tuned'];
    const { stdout, stderr } = await runAloe([...words, ...users, ...small], { env });
    expectNoCanary(stdout, 'stdout');
    expectNoCanary(stderr, 'stderr');
    const keys = (server: ChatServer) => [
      ...new Set(server.seen.map(({ headers }) => headers.authorization)),
    ];
    expect(keys(tuned)).toEqual([`Bearer ${env.TUNED_KEY}`]);
    expect(keys(judging)).toEqual([`Bearer ${env.USER_KEY}`]);
  });

  test.each([
    ['a URL with credentials', 2, (key: string) => ['--base-url', `http://me:${key}@127.0.0.1:1/v1`]],
    ['a URL that is not valid', 2, (key: string) => ['--base-url', `127.0.0.1:1/v1?key=${key}`]],
    [
      'a URL with a key in the query',
      1,
      (key: string) => ['--base-url', `http://127.0.0.1:1/v1?key=${encodeURIComponent(key)}`],
    ],
    ['the key in place of a variable', 2, (key: string) => ['--key-env', key]],
  ])('by the command line, given %s', async (_what, status, words) => {
    const { code, stdout, stderr } = await runAloe([
      'quickstart',
      '--model',
      'm',
      '--retries',
      '0',
      '--out',
      join(folder, 'wrong'),
      ...words(canary('argument')),
    ]);
    expect(code).toBe(status);
    expectNoCanary(stdout, 'stdout');
    expectNoCanary(stderr, 'stderr');
    // The only process that was started is this one.
    started.length = 0;
  });

  test('by a training job at a service that repeats all it is sent', async () => {
    const key = headerCanary('service');
    const inQuery = canary('service-query');
    const server = await startFineTuningServer(key, () => 'failed');
    const echo = `${key} ${inQuery} ${encodeURIComponent(inQuery)} ${Buffer.from(key).toString('base64')}`;
    const { dpo } = await writeSmallData(join(folder, 'data'));
    const job = await interactToAlign({ base: 'tiny', dpo, name: 'night' });
    const backend = hosted({ baseUrl: `${server.url}/v1?key=${encodeURIComponent(inQuery)}`, apiKey: key });
    const texts: unknown[] = [await backend.preview(job), await backend.check?.(job)];
    const handle = await backend.submit(job);
    texts.push(handle);
    for (const status of [400, 401, 404, 409]) {
      server.fault = (_, response) => sendJson(response, { error: { message: echo } }, status);
      const calls = [
        () => backend.submit(job),
        () => backend.status(handle),
        () => backend.logs(handle),
        () => backend.cancel(handle),
      ];
      for (const call of calls) texts.push(await call().catch((error: unknown) => error));
    }
    server.fault = (request, response) =>
      request.url.pathname.endsWith('/events')
        ? sendJson(response, { data: [{ id: 'e1', created_at: 1, message: echo, level: echo }] })
        : sendJson(response, { id: handle.id, status: 'failed', error: { code: echo, message: echo } });
    for await (const event of followTraining(backend, handle, { pollMs: 1 })) texts.push(event);
    texts.push(await backend.status(handle), await backend.logs(handle));
    expect(JSON.stringify(texts)).toContain('[redacted]');
    expectNoCanary(allOf(texts), 'what a backend says');

    const env = { SERVICE_KEY: key };
    const flags = ['--base', 'tiny', '--dpo', dpo, '--backend', 'hosted', '--base-url', `${server.url}/v1`];
    const aloe = (...words: string[]) => runAloe(['train', ...words], { cwd: folder, env });
    server.fault = undefined;
    const submitted = await aloe('submit', ...flags, '--key-env', 'SERVICE_KEY', '--dir', 'jobs');
    expect(submitted.code).toBe(0);
    server.fault = (_, response) => sendJson(response, { error: { message: echo } }, 401);
    for (const command of ['status', 'logs', 'cancel']) {
      const { stdout, stderr } = await aloe(command, '--dir', 'jobs');
      expectNoCanary(stdout + stderr, command);
    }
    await server.close();
  });

  test('by a training job on this machine', async () => {
    vi.stubEnv('TRAINER_TOKEN', headerCanary('trainer'));
    const { sft } = await writeSmallData(join(folder, 'data'));
    const python = await writeFakeTrainer(join(folder, 'python'));
    const dir = join(folder, 'local');
    const job = await interactToAlign({
      base: 'tiny',
      sft,
      name: 'local',
      environment: { FAKE_EXIT_CODE: '7' },
      resources: { gpus: 0 },
    });
    const backend = local({ dir, python });
    const handle = await backend.submit(job);
    const texts: unknown[] = [handle];
    for await (const event of followTraining(backend, handle, { pollMs: 20 })) texts.push(event);
    texts.push(await backend.status(handle), await backend.logs(handle));
    expectNoCanary(allOf(texts), 'what a backend says');
    expect(started).not.toEqual([]);
  });
});
