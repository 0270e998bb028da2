import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type LanguageModel, LoadAPIKeyError } from 'ai';
import { MockLanguageModelV3, MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AloeError, InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import { type AiSdkOptions, aiSdk } from '../../src/models/ai-sdk.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { chatModelConformance } from '../../src/testing/chat-model-conformance.ts';
import { startRawServer } from '../http/raw-server.ts';
import { type ChatServer, completion, send, startChatServer } from './chat-server.ts';

const REQUEST: ChatRequest = {
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'Hello!' },
    { role: 'assistant', content: 'Hi.' },
    { role: 'user', content: 'And now?' },
  ],
};

let server: ChatServer;
beforeEach(async () => {
  server = await startChatServer();
});
afterEach(async () => {
  await server.close();
});

const provider = (baseURL = server.baseUrl) =>
  createOpenAICompatible({ name: 'local', baseURL, supportsStructuredOutputs: true });
const local = (options: AiSdkOptions = {}) => aiSdk(provider().chatModel('tiny'), options);

async function failure(call: Promise<unknown>): Promise<ModelCallError> {
  const error = await call.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelCallError);
  return error as ModelCallError;
}

describe.each(chatModelConformance(() => local()))(
  'aiSdk fulfils the chat model contract',
  ({ name, run }) => {
    test(name, run);
  },
);

describe('the request', () => {
  test('contains every setting of the request and nothing else', async () => {
    await local().generate(REQUEST);
    expect(server.seen[0]!.body).toEqual({ model: 'tiny', messages: REQUEST.messages });
    await local().generate({ ...REQUEST, temperature: 0, maxOutputTokens: 50, seed: 0, stop: ['END'] });
    expect(server.seen[1]!.body).toEqual({
      model: 'tiny',
      messages: REQUEST.messages,
      temperature: 0,
      max_tokens: 50,
      seed: 0,
      stop: ['END'],
    });
  });

  test('leaves out the fields in `omit`', async () => {
    const request = { ...REQUEST, temperature: 1, seed: 7, stop: ['x'] };
    await local({ omit: ['temperature', 'seed', 'stop'] }).generate(request);
    expect(server.seen[0]!.body).toEqual({ model: 'tiny', messages: REQUEST.messages });
  });

  test('requests JSON by schema, as any object, or not at all', async () => {
    const schema = {
      type: 'object',
      properties: { mood: { type: 'string' } },
      required: ['mood'],
      additionalProperties: false,
    };
    const request = { ...REQUEST, outputSchema: { name: 'mood', schema } };
    for (const jsonMode of ['schema', 'object', 'none'] as const) await local({ jsonMode }).generate(request);
    expect(server.seen.map(({ body }) => body.response_format)).toEqual([
      { type: 'json_schema', json_schema: expect.objectContaining({ name: 'mood', schema }) },
      { type: 'json_object' },
      undefined,
    ]);
  });

  test.each([
    ['v3', MockLanguageModelV3],
    ['v4', MockLanguageModelV4],
  ] as const)('reaches a model of specification %s', async (_version, Mock) => {
    const model = new Mock({
      provider: 'mock',
      modelId: 'one',
      doGenerate: {
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'yes' },
        ],
        finishReason: { unified: 'length', raw: 'max' },
        usage: {
          inputTokens: { total: 12, noCache: 2, cacheRead: 10, cacheWrite: undefined },
          outputTokens: { total: 3, text: 3, reasoning: undefined },
        },
        warnings: [],
      },
    });
    const bridged = aiSdk(model);
    expect(bridged.id).toBe('one');
    expect(await bridged.generate(REQUEST)).toEqual({
      text: 'yes',
      finishReason: 'length',
      usage: { inputTokens: 12, cachedInputTokens: 10, outputTokens: 3 },
      served: { model: 'one' },
    });
  });
});

describe('the id', () => {
  test('names model, revision and what changes a request', () => {
    expect(local().id).toBe('tiny');
    expect(aiSdk('openai/gpt-4o').id).toBe('openai/gpt-4o');
    expect(local({ jsonMode: 'object', omit: ['seed'] }).id).toBe('tiny:json=object:no-seed');
    expect(local({ revision: 'r2' }).id).toBe('tiny@r2');
  });

  test('the provider stands beside it, unless a revision says which weights they are', () => {
    expect(local().server).toEqual({ address: 'local.chat', stable: false });
    expect(aiSdk('openai/gpt-4o').server).toEqual({ address: 'gateway', stable: true });
    expect(local({ revision: 'r2' }).server).toBeUndefined();
  });
});

test.each([
  ['model', () => aiSdk('')],
  ['model', () => aiSdk({} as LanguageModel)],
  ['model', () => aiSdk(null as unknown as LanguageModel)],
  ['timeoutMs', () => aiSdk('a/b', { timeoutMs: 0 })],
  ['jsonMode', () => aiSdk('a/b', { jsonMode: 'yaml' as 'none' })],
])('a bad %s is refused at once', (option, make) => {
  expect(make).toThrow(InvalidOptionError);
  expect(make).toThrow(`Option "${option}"`);
});

describe('the response', () => {
  test('has text, finish reason, usage and rate limits', async () => {
    server.answer = (_body, response) =>
      send(response, completion('so far', { finish_reason: 'length' }), 200, {
        'x-ratelimit-limit-requests': '10',
        'x-ratelimit-remaining-requests': '9',
        'x-ratelimit-reset-requests': '1s',
      });
    expect(await local().generate(REQUEST)).toEqual({
      text: 'so far',
      finishReason: 'length',
      usage: { inputTokens: 20, cachedInputTokens: 8, outputTokens: 5 },
      served: { model: 'tiny' },
      rateLimit: { requests: { limit: 10, remaining: 9, resetMs: 1_000 } },
    });
  });

  test.each([
    ['not quite JSON', '{"mood": "good",}', 'stop'],
    ['of another shape', '{"temper": 1}', 'stop'],
    ['cut', '{"mood": "go', 'length'],
    ['no JSON at all', 'I feel good.', 'stop'],
    ['empty', '', 'content_filter'],
  ])('to a wish for JSON is the text as it came when it is %s', async (_what, content, reason) => {
    server.answer = (_body, response) => send(response, completion(content, { finish_reason: reason }));
    const schema = { type: 'object', properties: { mood: { type: 'string' } }, required: ['mood'] };
    const response = await local().generate({ ...REQUEST, outputSchema: { name: 'mood', schema } });
    expect(response.text).toBe(content);
    expect(response.usage.outputTokens).toBe(5);
  });

  test('a filtered prompt is an outcome, not an exception', async () => {
    server.answer = (_body, response) =>
      send(response, { error: { message: 'filtered', code: 'content_filter' } }, 400);
    expect(await local().generate(REQUEST)).toMatchObject({ text: '', finishReason: 'content-filter' });
  });
});

describe('calls that fail', () => {
  test.each([
    [400, false, 90_000],
    [401, false, 90_000],
    [404, false, 90_000],
    [408, true, 90_000],
    [422, false, 90_000],
    [425, true, 90_000],
    [429, true, 90_000],
    [503, true, 60_000],
  ])(
    'status %i is reported with its retryability, and nothing is retried',
    async (status, retryable, retryAfterMs) => {
      server.answer = (_body, response) =>
        send(response, { error: { message: 'not now' } }, status, { 'retry-after': '90' });
      const error = await failure(local().generate(REQUEST));
      expect(error).toMatchObject({ status, retryable, retryAfterMs });
      expect(error.message).toContain('not now');
      expect(server.seen).toHaveLength(1);
    },
  );

  test('a used-up quota is not retryable', async () => {
    server.answer = (_body, response) =>
      send(response, { error: { message: 'no money', code: 'insufficient_quota' } }, 429);
    expect(await failure(local().generate(REQUEST))).toMatchObject({ status: 429, retryable: false });
  });

  test.each([
    ['truncated JSON', '{"choices": [{"mess'],
    ['no choices', '{"choices": []}'],
    ['a web page', '<html>Sign in</html>'],
    ['nothing', ''],
  ])('a success that is %s may pass', async (_what, body) => {
    server.answer = (_body, response) => send(response, body);
    expect(await failure(local().generate(REQUEST))).toMatchObject({ retryable: true, status: undefined });
  });

  test('an unreachable server is retryable', async () => {
    const gone = provider().chatModel('tiny');
    await server.close();
    const error = await failure(aiSdk(gone).generate(REQUEST));
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.message).toContain('cannot be reached');
  });

  test.each([
    ['before its answer', ''],
    [
      'in the middle of it',
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"cho',
    ],
  ])('a connection that is reset %s may pass', async (_when, sent) => {
    const raw = await startRawServer((socket) => {
      if (sent === '') socket.resetAndDestroy();
      else socket.write(sent, () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    try {
      const error = await failure(aiSdk(provider(raw.baseUrl).chatModel('tiny')).generate(REQUEST));
      expect(error).toMatchObject({ retryable: true, status: undefined });
      expect(raw.seen).toHaveLength(1);
    } finally {
      await raw.close();
    }
  });

  test('a model that does not respond, or ignores the signal, times out after timeoutMs', async () => {
    server.answer = () => {};
    const deaf = new MockLanguageModelV4({ doGenerate: () => new Promise(() => {}) });
    for (const model of [local({ timeoutMs: 100 }), aiSdk(deaf, { timeoutMs: 100 })]) {
      const error = await failure(model.generate(REQUEST));
      expect(error).toMatchObject({ retryable: true, status: undefined });
      expect(error.message).toMatch(/did not answer in time/);
    }
  });

  test('an abort throws the signal’s own reason', async () => {
    const reason = new Error('enough');
    const waiting = new AbortController();
    server.answer = () => waiting.abort(reason);
    await expect(local().generate(REQUEST, { signal: waiting.signal })).rejects.toBe(reason);
    const other = new AbortController();
    const deaf = new MockLanguageModelV4({
      doGenerate: () => {
        other.abort('a text as reason');
        return new Promise(() => {});
      },
    });
    await expect(aiSdk(deaf).generate(REQUEST, { signal: other.signal })).rejects.toBe('a text as reason');
  });

  test('a missing key ends the run, with the SDK’s message', async () => {
    const model = new MockLanguageModelV4({
      doGenerate: async () => {
        throw new LoadAPIKeyError({ message: 'Some API key is missing. Set SOME_API_KEY.' });
      },
    });
    const error = await aiSdk(model)
      .generate(REQUEST)
      .catch((reason: unknown) => reason);
    expect(AloeError.isInstance(error) && error.code).toBe('missing-key');
    expect(String(error)).toContain('SOME_API_KEY');
  });
});
