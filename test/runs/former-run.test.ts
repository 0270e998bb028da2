import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openaiEmbedder } from '../../src/embeddings/openai.ts';
import { RunConflictError, RunStorageError } from '../../src/errors.ts';
import { user } from '../../src/messages.ts';
import { aiSdk } from '../../src/models/ai-sdk.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { openai } from '../../src/models/openai.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { vectorKey } from '../../src/runs/calls/journaled-embedder.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { Journal } from '../../src/runs/journal/journal.ts';
import { openRun, type RunOptions } from '../../src/runs/run.ts';
import { readFormerId } from '../../src/runs/served/former-ids.ts';
import { StoredAnswers } from '../../src/runs/stored-answers.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

/**
 * Written by version 0.1 itself, with seed 7: seven models were asked the same question once, and each answered with a name
 * of its own. The ids were `openai:gpt-4o`, `openai:tuned@localhost:8000/v1`,
 * `openai-compatible:qwen:7b@gpu7:8000/v1:json=object:no-seed:max_completion_tokens`, `ai-sdk:anthropic.messages/claude`,
 * `openai:twin@localhost:8000/v1`, `openai:twin@gpu7:8000/v1` and `own`.
 */
const FIXTURE = fileURLToPath(new URL('./fixtures/run-of-0.1', import.meta.url));
const LOCAL = 'http://localhost:8000/v1';
const GPU7 = 'http://gpu7:8000/v1';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-former-'));
  await cp(FIXTURE, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

/** Asks the question, of a model that would answer something else. */
async function ask(like: Pick<ChatModel, 'id' | 'server'>, options: RunOptions = {}): Promise<string> {
  const run = await openRun(dir, options);
  try {
    const place = { task: 'conversations', subject: 'ann', turn: 1, role: 'role-player' };
    const { id, server } = like;
    const { text } = await run.model({ ...scriptedModel('new'), id, server }).generate(
      {
        messages: [{ role: 'system', content: 'You are Ann.' }, user('Hello?')],
        temperature: 0.7,
        maxOutputTokens: 80,
        seed: run.seedFor(place),
        outputSchema: {
          name: 'reply',
          schema: { type: 'object', properties: { b: { type: 'string' }, a: { type: 'string' } } },
        },
      },
      { place },
    );
    return text;
  } finally {
    await run.close();
  }
}

const claude = { specificationVersion: 'v2', provider: 'anthropic.messages', modelId: 'claude' } as never;

test('a run of version 0.1 is opened read-only, says so, and is not changed', async () => {
  const before = await readFile(join(dir, 'journal.sqlite'));
  const events: RunEvent[] = [];
  const run = await openRun(dir, { onEvent: (event) => events.push(event) });
  expect(run).toMatchObject({ seed: 7, readOnly: true });
  expect(events).toEqual([{ type: 'run-opened-read-only', dir, reason: 'former-version' }]);
  const embedder = fakeEmbedder();
  expect(await run.embedder(embedder).embed(['bees'])).toEqual(await fakeEmbedder().embed(['bees']));
  expect(embedder.embedded).toBe(0);
  expect(run.stats().spending.calls).toBe(7);
  await run.close();
  expect((await readdir(dir)).sort()).toEqual(['journal.sqlite', 'run.json']);
  expect(await readFile(join(dir, 'journal.sqlite'))).toEqual(before);
});

test.each([
  ['a provider', openai('gpt-4o'), 'gpt-4o says hello.'],
  ['the AI SDK', aiSdk(claude), 'sdk says hello.'],
  ['an id that has not changed', { id: 'own' }, 'own says hello.'],
])('answers of a model of %s are found under its id of today', async (_kind, model, answer) => {
  expect(await ask(model)).toBe(answer);
});

const qwen = { jsonMode: 'object', omit: ['seed'], baseUrl: GPU7 } as const;

test.each([
  ['at the same address', openai('tuned', { baseUrl: LOCAL }), 'local says hello.'],
  ['at another one', openai('tuned', { baseUrl: GPU7 }), 'local says hello.'],
  ['through another adapter, with its settings', openai('qwen:7b', qwen), 'fast says hello.'],
  ['of two with one name', openai('twin', { baseUrl: LOCAL }), 'twin says hello.'],
  ['of two with one name, the other', openaiCompatible('twin', { baseUrl: GPU7 }), 'other twin says hello.'],
])(
  'answers of a server of one’s own are found if its weights are the same: %s',
  async (_at, model, answer) => {
    await expect(ask(model)).rejects.toThrow(RunConflictError);
    await expect(ask(model)).rejects.toThrow(
      /holds \d answers? of .*(may serve other weights|is at (?:gpu7|localhost))/,
    );
    expect(await ask(model, { sameModel: [model.id] })).toBe(answer);
  },
);

test('answers of two models with one name are given to neither address but their own', async () => {
  const moved = openai('twin', { baseUrl: 'http://gpu8:8000/v1' });
  await expect(ask(moved, { sameModel: true })).rejects.toThrow(
    /no answer of "twin" to this call at conversations\/ann\/1\/role-player\/0\. The answer stored there is of "/,
  );
});

test('a call that is not stored is refused, with the way on', async () => {
  const model = openai('tuned', { baseUrl: LOCAL, revision: 'r2' });
  await expect(ask(model)).rejects.toThrow(RunStorageError);
  await expect(ask(model)).rejects.toThrow(/version 0\.1 can only be replayed\. Use another run directory/);
});

test('is not resumed, also when that is asked for', async () => {
  await expect(openRun(dir, { readOnly: false })).rejects.toThrow(
    /written by version 0\.1, which stored answers under other keys.*Leave out readOnly to replay it/,
  );
  await expect(openRun(dir, { seed: 8 })).rejects.toThrow(/seed 7, not 8/);
});

test.each([
  ['openai:@cf/meta/llama', [['@cf/meta/llama', 'api.openai.com/v1']]],
  ['openai:gpt-4o:no-temperature:no-seed', [['gpt-4o:no-temperature:no-seed', 'api.openai.com/v1']]],
  ['openai:llama3:8b@localhost:11434/v1:json=none', [['llama3:8b:json=none', 'localhost:11434/v1']]],
  ['openai:a@b@localhost/v1', [['a@b', 'localhost/v1']]],
  [
    'ai-sdk:openai/gpt-4o:no-stop',
    [
      ['gpt-4o:no-stop', 'openai'],
      ['openai/gpt-4o:no-stop', 'gateway'],
    ],
  ],
  ['llama-cpp:tiny.gguf', []],
  ['openai:', []],
])('the id %s is read', (id, expected) => {
  expect(readFormerId(id).map((model) => [model.id, model.address])).toEqual(expected);
});

test('vectors of a served embedder are found where they were made, whose address was in its id', async () => {
  const embedder = (baseUrl: string) => openaiEmbedder('bge', { dimensions: 1, baseUrl });
  const journal = new Journal(':memory:');
  await journal.put(vectorKey('openai:bge:1@localhost:8000/v1', 'bees'), 'embedding', 'AACAPw==');
  const answers = new StoredAnswers(journal);
  expect(await answers.vector(embedder(LOCAL), 'bees')).toEqual(new Float32Array([1]));
  expect(await answers.vector(embedder(GPU7), 'bees')).toBeUndefined();
  journal.close();
});
