import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import { RunConflictError } from '../../src/errors.ts';
import type { ChatModel, ModelServer } from '../../src/models/chat-model.ts';
import { paced } from '../../src/models/pacing/paced.ts';
import { createPacer } from '../../src/models/pacing/pacer.ts';
import { retry } from '../../src/models/retry.ts';
import { memoryRun, openRun, type RunOptions } from '../../src/runs/run.ts';
import type { ServerRecords } from '../../src/runs/served/known-servers.ts';
import { ServedModels } from '../../src/runs/served/served-models.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { recordModel } from '../../src/testing/recording.ts';
import { type Script, type ScriptedReply, scriptedModel } from '../../src/testing/scripted-model.ts';

const LOCAL: ModelServer = { address: 'localhost:8000/v1', stable: false };
const MOVED: ModelServer = { address: 'gpu7:8000/v1', stable: false };
const PROVIDER: ModelServer = { address: 'api.example.com/v1', stable: true };
const GATEWAY: ModelServer = { address: 'gateway.example.com/v1', stable: true };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-run-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface AskOptions extends RunOptions {
  readonly server?: ModelServer | undefined;
  readonly id?: string;
  readonly question?: string;
}

/** One process: opens the run, asks one question, and says what it was answered and how often the server was called. */
async function ask(
  reply: ScriptedReply,
  { server, id = 'tuned', question = 'Hi', ...options }: AskOptions,
): Promise<{ answer: string; calls: number }> {
  const run = await openRun(dir, options);
  try {
    const model = scriptedModel(reply, { id });
    const wrapped = run.model({ ...model, server });
    const { text: answer } = await wrapped.generate({ messages: [{ role: 'user', content: question }] });
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

describe('a name that stands for another model by now, as its server says', () => {
  const OLD = { text: 'old', served: { model: 'gpt-4o-2024-08-06' } };
  const NEW = { text: 'new', served: { model: 'gpt-4o-2024-11-20' } };
  const SILENT = { text: 'new' };
  const at = { server: PROVIDER, id: 'gpt-4o' };
  const stored = () => new DatabaseSync(join(dir, 'journal.sqlite')).prepare('SELECT * FROM calls').all();

  /** Eight calls at once in one process. */
  async function askAtOnce(script: Script): Promise<{ fulfilled: number; calls: number }> {
    const run = await openRun(dir);
    const model = scriptedModel(script, { id: at.id });
    const wrapped = run.model({ ...model, server: at.server });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        wrapped.generate({ messages: [{ role: 'user', content: `${index}` }] }),
      ),
    );
    await run.close();
    const fulfilled = outcomes.filter(({ status }) => status === 'fulfilled').length;
    return { fulfilled, calls: model.calls.length };
  }

  test('stops the run at its first answer, which is not stored', async () => {
    await ask(OLD, { ...at, question: 'one' });
    const again = ask(NEW, { ...at, question: 'two' });
    await expect(again).rejects.toThrow(RunConflictError);
    await expect(again).rejects.toThrow(
      /holds 1 answer of "gpt-4o", given by gpt-4o-2024-08-06, and the server now says it is gpt-4o-2024-11-20\./,
    );
    await expect(again).rejects.toMatchObject({
      modelId: 'gpt-4o',
      hint: expect.stringMatching(/sameModel: \["gpt-4o"\].*several models answered.*revision/s),
    });
    expect(stored()).toHaveLength(1);
    expect(await ask(NEW, { ...at, question: 'one' })).toEqual({ answer: 'old', calls: 0 });
  });

  test('goes on if the caller vouches for it, from then on without a question', async () => {
    await ask(OLD, { ...at, question: 'one' });
    expect(await ask(NEW, { ...at, question: 'two', sameModel: true })).toEqual({ answer: 'new', calls: 1 });
    expect(await ask(NEW, { ...at, question: 'three' })).toMatchObject({ calls: 1 });
    expect(await ask(OLD, { ...at, question: 'four' })).toMatchObject({ calls: 1 });
  });

  test('stops the run if it no longer says which it is, unless the prompt was refused', async () => {
    await ask(OLD, { ...at, question: 'one' });
    await expect(ask(SILENT, { ...at, question: 'two' })).rejects.toThrow(/does not say which model it is/);
    const refused = { text: '', finishReason: 'content-filter' as const };
    expect(await ask(refused, { ...at, question: 'two' })).toEqual({ answer: '', calls: 1 });
    await expect(ask(NEW, { ...at, question: 'three' })).rejects.toThrow(RunConflictError);
  });

  test('is unknown, and not another one, where the server said nothing before', async () => {
    await ask(SILENT, { ...at, question: 'one' });
    expect(await ask(NEW, { ...at, question: 'two' })).toMatchObject({ calls: 1 });
    await expect(ask(OLD, { ...at, question: 'three' })).rejects.toThrow(RunConflictError);
  });

  test('is not known by a name whose answer was lost when a process was killed', async () => {
    // A run has its journal before a model answers.
    await (await openRun(dir)).close();
    const left = { servers: { [at.id]: PROVIDER.address }, reported: { [at.id]: [OLD.served.model] } };
    await writeFile(join(dir, 'run.json'), JSON.stringify({ schema: 'aloe-run/2', seed: 0, ...left }));
    expect(await ask(NEW, { ...at, question: 'one' })).toEqual({ answer: 'new', calls: 1 });
    await expect(ask(OLD, { ...at, question: 'two' })).rejects.toThrow(/given by gpt-4o-2024-11-20, and/);
  });

  test('costs one call at most, however many are waiting', async () => {
    await ask(OLD, { ...at, question: 'one' });
    expect(await askAtOnce(NEW)).toEqual({ fulfilled: 0, calls: 1 });
    expect(stored()).toHaveLength(1);
  });

  test('holds up no call once one is confirmed, or if the first one fails', async () => {
    await ask(OLD, { ...at, question: 'one' });
    expect(await askAtOnce([new Error('lost'), OLD])).toEqual({ fulfilled: 7, calls: 8 });
  });
});

test('a server that invents a name with every answer does not fill run.json', async () => {
  const run = await openRun(dir);
  const model = scriptedModel(
    (_request, _options, call) => ({ text: 'hi', served: { model: `m-${call}` } }),
    {
      id: 'odd',
    },
  );
  const wrapped = run.model({ ...model, server: PROVIDER });
  for (let call = 0; call < 50; call++) {
    await wrapped.generate({ messages: [{ role: 'user', content: `${call}` }] });
  }
  await run.close();
  expect(JSON.parse(await readFile(join(dir, 'run.json'), 'utf8')).reported.odd).toHaveLength(32);
});

describe('an embedder on a server of one’s own', () => {
  /** One process: the number of texts that were embedded anew. */
  async function embed(server: ModelServer | undefined, options: RunOptions = {}): Promise<number> {
    const run = await openRun(dir, options);
    try {
      const embedder = fakeEmbedder();
      const { id, dimensions } = embedder;
      const served = { id, dimensions, server, embed: embedder.embed };
      const vectors = await run.embedder(served).embed(['one', 'two']);
      expect(vectors).toEqual(await fakeEmbedder().embed(['one', 'two']));
      return embedder.embedded;
    } finally {
      await run.close();
    }
  }

  test('is asked about like a model, and replayed if the caller vouches for it', async () => {
    expect(await embed(LOCAL)).toBe(2);
    await expect(embed(MOVED)).rejects.toThrow(
      /holds vectors of "fake:64", and it was served at localhost:8000\/v1 then, and is at gpu7:8000\/v1 now/,
    );
    await expect(embed(LOCAL)).rejects.toMatchObject({ modelId: 'fake:64' });
    await expect(embed(LOCAL, { readOnly: true })).rejects.toMatchObject({ modelId: 'fake:64' });
    expect(await embed(LOCAL, { readOnly: true, sameModel: true })).toBe(0);
    expect(await embed(MOVED, { sameModel: ['fake:64'] })).toBe(0);
  });

  test('is not asked about at a provider, or with an id that says everything', async () => {
    expect(await embed(PROVIDER)).toBe(2);
    expect(await embed(PROVIDER)).toBe(0);
    expect(await embed(undefined)).toBe(0);
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
  const saved: ServerRecords[] = [];
  let full = true;
  const served = new ServedModels({
    run: 'runs/x',
    before: { servers: {}, reported: {} },
    stored: () => 0,
    sameModel: false,
    save: async (records) => {
      if (full) throw new Error('disk full');
      saved.push(records);
    },
  });
  const model = { ...scriptedModel('hi', { id: 'tuned' }), server: LOCAL };
  served.check(model);
  const call = () => served.call(model, () => model.generate({ messages: [] }));
  await expect(call()).rejects.toThrow('disk full');
  expect(model.calls).toHaveLength(0);
  full = false;
  await call();
  expect(saved.at(-1)).toEqual({ servers: { tuned: LOCAL.address }, reported: { tuned: [null] } });
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
    reported: {},
  });
});
