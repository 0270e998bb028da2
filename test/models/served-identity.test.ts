import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import { type ChatModel, NO_USAGE } from '../../src/models/chat-model.ts';
import { openai } from '../../src/models/openai.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { paced } from '../../src/models/pacing/paced.ts';
import { createPacer } from '../../src/models/pacing/pacer.ts';
import { retry } from '../../src/models/retry.ts';
import { servedIdentity } from '../../src/models/served-identity.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { recordModel } from '../../src/testing/recording.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { type ChatServer, completion, send, startChatServer } from './chat-server.ts';

const REQUEST = { messages: [{ role: 'user', content: 'Hi' }] } as const;

describe('what a server says of itself', () => {
  let server: ChatServer;
  beforeAll(async () => {
    server = await startChatServer();
  });
  afterAll(() => server.close());

  test.each([
    ['openai', () => openai('tiny', { baseUrl: server.baseUrl })],
    ['openaiCompatible', () => openaiCompatible('tiny', { baseUrl: server.baseUrl })],
  ])('comes with the answer of %s, but never the time', async (_name, create) => {
    const says = (fields: object) => {
      server.answer = (_body, response) => send(response, { ...completion('Hi'), ...fields });
      return create()
        .generate(REQUEST)
        .then(({ served }) => served);
    };
    expect(await says({ model: 'tiny-2024-11-20', system_fingerprint: 'fp_1', created: 7 })).toEqual({
      model: 'tiny-2024-11-20',
      fingerprint: 'fp_1',
    });
    expect(await says({ model: 'tiny', system_fingerprint: null })).toEqual({ model: 'tiny' });
    expect(await says({ model: undefined })).toBeUndefined();
    expect(await says({ model: { name: 'x' }, system_fingerprint: ['y'] })).toBeUndefined();
  });
});

test('is one short line, whatever the server sent, and two long names stay two', () => {
  const [one, other] = ['a', 'b'].map((end) => servedIdentity('m'.repeat(2 ** 20) + end, 7).served);
  expect(one!.model!.length).toBeLessThanOrEqual(200);
  expect(one).not.toEqual(other);
  expect(servedIdentity('  gpt\n\u0000\u202e4o ', '').served).toEqual({ model: 'gpt 4o' });
  expect(servedIdentity('\n', undefined)).toEqual({});
});

test.each([
  ['retry', (model: ChatModel) => retry(model)],
  ['paced', (model: ChatModel) => paced(model, createPacer())],
  ['recordModel', (model: ChatModel) => recordModel(model)],
  ['adaptive', (model: ChatModel) => adaptive(model)],
  ['a run', (model: ChatModel) => memoryRun().model(model)],
])('%s passes it on', async (_name, wrap) => {
  const served = { model: 'tiny-2024-11-20', fingerprint: 'fp_1' };
  const model = wrap(scriptedModel({ text: '{"preferences": []}', served }));
  expect((await model.generate(REQUEST)).served).toEqual(served);
});

test('is kept in the journal, also from a model that does not limit it, and is not part of the key', async () => {
  const run = memoryRun();
  const model = (name: string) => ({
    id: 'own',
    generate: async () => ({
      text: 'hi',
      finishReason: 'stop' as const,
      usage: NO_USAGE,
      served: { model: name },
    }),
  });
  const first = await run.model(model('x'.repeat(2 ** 20))).generate(REQUEST);
  expect(first.served?.model?.length).toBeLessThanOrEqual(200);
  const replayed = await run.model(model('other')).generate(REQUEST);
  expect(replayed).toEqual(first);
});
