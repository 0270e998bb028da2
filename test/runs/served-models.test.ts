import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import { RunConflictError } from '../../src/errors.ts';
import type { ChatModel, ModelServer } from '../../src/models/chat-model.ts';
import { paced } from '../../src/models/pacing/paced.ts';
import { createPacer } from '../../src/models/pacing/pacer.ts';
import { retry } from '../../src/models/retry.ts';
import { memoryRun, openRun, type RunOptions } from '../../src/runs/run.ts';
import { type Addresses, ServedModels } from '../../src/runs/served-models.ts';
import { recordModel } from '../../src/testing/recording.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const LOCAL: ModelServer = { address: 'localhost:8000/v1', stable: false };
const MOVED: ModelServer = { address: 'gpu7:8000/v1', stable: false };
const PROVIDER: ModelServer = { address: 'api.example.com/v1', stable: true };
const GATEWAY: ModelServer = { address: 'gateway.example.com/v1', stable: true };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-run-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** One process: opens the run, asks one question, and says what it was answered and how often the server was called. */
async function ask(
  text: string,
  { server, id = 'tuned', ...options }: RunOptions & { server?: ModelServer | undefined; id?: string },
): Promise<{ answer: string; calls: number }> {
  const run = await openRun(dir, options);
  try {
    const model = scriptedModel(text, { id });
    const wrapped = run.model({ ...model, server });
    const { text: answer } = await wrapped.generate({ messages: [{ role: 'user', content: 'Hi' }] });
    return { answer, calls: model.calls.length };
  } finally {
    await run.close();
  }
}

describe('a name on a server of one’s own', () => {
  test('is refused by a later process, which must not get the answers of other weights', async () => {
    expect(await ask('old', { server: LOCAL })).toEqual({ answer: 'old', calls: 1 });
    const again = ask('new', { server: LOCAL });
    await expect(again).rejects.toThrow(RunConflictError);
    await expect(again).rejects.toThrow(/holds 1 answer of "tuned", and localhost:8000\/v1 may serve other/);
    await expect(again).rejects.toMatchObject({
      hint: expect.stringMatching(/sameModel: \["tuned"\].*revision/s),
    });
  });

  test('replays what is stored if the caller vouches for the weights, and after a move too', async () => {
    await ask('old', { server: LOCAL });
    expect(await ask('new', { server: LOCAL, sameModel: true })).toEqual({ answer: 'old', calls: 0 });
    await expect(ask('new', { server: MOVED })).rejects.toThrow(
      /served at localhost:8000\/v1 then, and is at gpu7:8000\/v1 now/,
    );
    expect(await ask('new', { server: MOVED, sameModel: true })).toEqual({ answer: 'old', calls: 0 });
  });

  test('with a revision, gets the answers of its own weights, wherever they are served', async () => {
    await ask('old', { server: LOCAL });
    expect(await ask('new', { id: 'tuned@r2' })).toEqual({ answer: 'new', calls: 1 });
    expect(await ask('none', { id: 'tuned@r2' })).toEqual({ answer: 'new', calls: 0 });
    expect(await ask('none', { server: LOCAL, sameModel: true })).toEqual({ answer: 'old', calls: 0 });
  });

  test('is welcome in a run that holds no answer of it', async () => {
    await ask('base', { server: LOCAL, id: 'base' });
    expect(await ask('tuned', { server: LOCAL })).toEqual({ answer: 'tuned', calls: 1 });
  });

  test('is refused where its address was lost', async () => {
    await ask('old', { server: PROVIDER });
    await writeFile(join(dir, 'run.json'), JSON.stringify({ schema: 'aloe-run/2', seed: 0, servers: {} }));
    await expect(ask('new', { server: PROVIDER })).rejects.toThrow(/may serve other weights/);
  });
});

describe('a name at a provider', () => {
  test('resumes without a question', async () => {
    await ask('old', { server: PROVIDER });
    expect(await ask('new', { server: PROVIDER })).toEqual({ answer: 'old', calls: 0 });
  });

  test('is asked about when it comes from another one', async () => {
    await ask('old', { server: PROVIDER });
    await expect(ask('new', { server: GATEWAY })).rejects.toThrow(/api\.example\.com.*gateway\.example\.com/);
  });
});

test('a model that its id says everything of is never asked about', async () => {
  await ask('old', {});
  expect(await ask('new', {})).toEqual({ answer: 'old', calls: 0 });
});

test('one name at two addresses is refused within a process, unless they are vouched for', () => {
  const at = (server: ModelServer) => ({ ...scriptedModel('hi', { id: 'tuned' }), server });
  const run = memoryRun();
  run.model(at(LOCAL));
  expect(() => run.model(at(LOCAL))).not.toThrow();
  expect(() => run.model(at(MOVED))).toThrow(/"tuned" is served at localhost:8000\/v1 and at gpu7:8000\/v1/);
  const vouched = memoryRun({ sameModel: true });
  vouched.model(at(LOCAL));
  expect(() => vouched.model(at(MOVED))).not.toThrow();
});

test.each([
  ['retry', (model: ChatModel) => retry(model)],
  ['paced', (model: ChatModel) => paced(model, createPacer())],
  ['recordModel', (model: ChatModel) => recordModel(model)],
  ['adaptive', (model: ChatModel) => adaptive(retry(model))],
])('%s does not hide where a model is served', async (_name, wrap) => {
  await ask('old', { server: LOCAL });
  const run = await openRun(dir);
  const model = wrap({ ...scriptedModel('new', { id: 'tuned' }), server: LOCAL });
  expect(() => run.model(model)).toThrow(RunConflictError);
  await run.close();
});

test('a model that was refused is refused again', async () => {
  await ask('old', { server: LOCAL });
  const run = await openRun(dir);
  const refused = { ...scriptedModel('new', { id: 'tuned' }), server: LOCAL };
  expect(() => run.model(refused)).toThrow(RunConflictError);
  expect(() => run.model(refused)).toThrow(RunConflictError);
  expect(() => run.model({ ...refused })).toThrow(RunConflictError);
  await run.close();
});

test('each model can be vouched for alone', async () => {
  await ask('old', { server: LOCAL });
  await ask('old', { server: LOCAL, id: 'user' });
  expect(await ask('new', { server: LOCAL, id: 'user', sameModel: ['user'] })).toMatchObject({ calls: 0 });
  await expect(ask('new', { server: LOCAL, sameModel: ['user'] })).rejects.toMatchObject({
    modelId: 'tuned',
  });
});

test('a failed write of run.json does not stop the calls after it', async () => {
  const saved: Addresses[] = [];
  let full = true;
  const served = new ServedModels({
    run: 'runs/x',
    before: {},
    stored: () => 0,
    sameModel: false,
    save: async (addresses) => {
      if (full) throw new Error('disk full');
      saved.push(addresses);
    },
  });
  const model = { ...scriptedModel('hi', { id: 'tuned' }), server: LOCAL };
  served.check(model);
  await expect(served.record(model)).rejects.toThrow('disk full');
  full = false;
  await served.record(model);
  expect(saved).toEqual([{ tuned: LOCAL.address }]);
});

test('addresses are in run.json before the answers are in the journal', async () => {
  const run = await openRun(dir);
  const seen: string[] = [];
  const model = scriptedModel(
    async () => {
      seen.push(await readFile(join(dir, 'run.json'), 'utf8'));
      return 'hi';
    },
    { id: 'tuned' },
  );
  await run.model({ ...model, server: LOCAL }).generate({ messages: [{ role: 'user', content: 'Hi' }] });
  await run.close();
  expect(JSON.parse(seen[0]!)).toEqual({
    schema: 'aloe-run/2',
    seed: 0,
    servers: { tuned: LOCAL.address },
  });
});
