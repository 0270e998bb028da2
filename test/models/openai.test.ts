import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AloeError, InvalidOptionError, MissingKeyError, ModelCallError } from '../../src/errors.ts';
import type { sendRequest } from '../../src/http/send-request.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { type OpenAIOptions, openai } from '../../src/models/openai.ts';
import type { CallPlace } from '../../src/models/place.ts';
import { chatModelConformance } from '../../src/testing/chat-model-conformance.ts';
import { type ChatServer, completion, send, startChatServer } from './chat-server.ts';

/** Replaces the network for a server that tests must not reach. */
type Send = (request: Parameters<typeof sendRequest>[1]) => ReturnType<typeof sendRequest>;
const network = vi.hoisted(() => ({ stub: undefined as Send | undefined }));
vi.mock('../../src/http/send-request.ts', async (original) => {
  const real = await original<typeof import('../../src/http/send-request.ts')>();
  const sendRequest: typeof real.sendRequest = (dispatcher, request) =>
    network.stub === undefined ? real.sendRequest(dispatcher, request) : network.stub(request);
  return { ...real, sendRequest };
});

const CANARY = 'sk-canary-0123456789abcdef';

const REQUEST: ChatRequest = {
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'Hello!' },
  ],
};

let server: ChatServer;

beforeEach(async () => {
  vi.stubEnv('OPENAI_API_KEY', undefined);
  vi.stubEnv('OPENAI_BASE_URL', undefined);
  server = await startChatServer();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  network.stub = undefined;
  await server.close();
});

const local = (options: OpenAIOptions = {}) => openai('tiny', { baseUrl: server.baseUrl, ...options });

async function failure(call: Promise<unknown>): Promise<ModelCallError> {
  const error = await call.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelCallError);
  return error as ModelCallError;
}

function thrownBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

/** The body that `openai()` sends when the base URL is OpenAI's own; nothing leaves this machine. */
async function officialBody(request: ChatRequest, place?: CallPlace): Promise<Record<string, unknown>> {
  let body = '';
  network.stub = async (request) => {
    expect(request.origin + request.path).toBe('https://api.openai.com/v1/chat/completions');
    body = String(request.body);
    return { status: 200, headers: {}, text: JSON.stringify(completion('hi')) };
  };
  await openai('gpt-4o', { apiKey: CANARY }).generate(request, { place });
  return JSON.parse(body) as Record<string, unknown>;
}

test('OpenAI is told which calls extend the same prompt', async () => {
  const place = { task: 'conversations', subject: 'ann', role: 'judge' };
  expect(await officialBody(REQUEST, place)).toMatchObject({
    prompt_cache_key: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

describe.each(chatModelConformance(() => local()))(
  'openai fulfils the chat model contract',
  ({ name, run }) => {
    test(name, run);
  },
);

describe('the request', () => {
  test('contains model, messages and nothing else', async () => {
    await local().generate(REQUEST);
    expect(server.seen).toMatchObject([{ path: '/v1/chat/completions' }]);
    expect(server.seen[0]!.body).toEqual({ model: 'tiny', messages: REQUEST.messages });
  });

  test('contains every setting of the request, with the server’s name for the length limit', async () => {
    const settings = { temperature: 0, maxOutputTokens: 50, seed: 0, stop: ['\n', 'END'] };
    const sent = { temperature: 0, seed: 0, stop: ['\n', 'END'] };
    await local().generate({ ...REQUEST, ...settings });
    expect(server.seen[0]!.body).toEqual({
      model: 'tiny',
      messages: REQUEST.messages,
      max_tokens: 50,
      ...sent,
    });
    expect(await officialBody({ ...REQUEST, ...settings })).toEqual({
      model: 'gpt-4o',
      messages: REQUEST.messages,
      max_completion_tokens: 50,
      ...sent,
    });
  });

  test('requests JSON by schema, as any object, or not at all', async () => {
    const schema = { type: 'object', properties: { mood: { type: 'string' } } };
    const request = { ...REQUEST, outputSchema: { name: 'mood', schema } };
    await local().generate(request);
    await local({ jsonMode: 'object' }).generate(request);
    await local({ jsonMode: 'none' }).generate(request);
    expect(server.seen.map(({ body }) => body.response_format)).toEqual([
      { type: 'json_schema', json_schema: { name: 'mood', schema, strict: true } },
      { type: 'json_object' },
      undefined,
    ]);
  });

  test('leaves out the fields in `omit`', async () => {
    const request = { ...REQUEST, temperature: 0.7, seed: 7, stop: ['x'] };
    await local({ omit: ['temperature', 'seed'] }).generate(request);
    expect(server.seen[0]!.body).toEqual({ model: 'tiny', messages: REQUEST.messages, stop: ['x'] });
  });

  test('carries the key that is set at the first call; other servers need none', async () => {
    vi.stubEnv('OPENAI_BASE_URL', server.baseUrl);
    await openai('tiny').generate(REQUEST);
    const model = openai('tiny');
    vi.stubEnv('OPENAI_API_KEY', CANARY);
    await model.generate(REQUEST);
    await local({ apiKey: 'sk-own-key-000111222333' }).generate(REQUEST);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      `Bearer ${CANARY}`,
      'Bearer sk-own-key-000111222333',
    ]);
  });

  test('goes to OPENAI_BASE_URL if no base URL is given', async () => {
    vi.stubEnv('OPENAI_BASE_URL', `${server.baseUrl}/`);
    const model = openai('tiny');
    await model.generate(REQUEST);
    expect(server.seen).toMatchObject([{ path: '/v1/chat/completions' }]);
    expect(model.server).toEqual({ address: `${new URL(server.baseUrl).host}/v1`, stable: false });
  });

  test.each(['?key=a%2Fb&key=c+d', '//?api-version=2', '/deep/?key=YWJj/'])(
    'keeps the path and query string of the base URL: %s',
    async (end) => {
      await local({ baseUrl: `${server.baseUrl}${end}` }).generate(REQUEST);
      const [path, query] = `/v1${end}`.split('?');
      expect(server.seen[0]!.path).toBe(`${path!.replace(/\/+$/, '')}/chat/completions?${query}`);
    },
  );
});

describe('the id', () => {
  test('names model, revision and what changes a request, but no server and no secret', () => {
    expect(openai('gpt-4o').id).toBe('gpt-4o');
    expect(openai('gpt-4o', { apiKey: CANARY, timeoutMs: 5 }).id).toBe('gpt-4o');
    const local = openai('m', { baseUrl: 'http://host:8000/v1/' });
    expect(local).toMatchObject({ id: 'm', server: { address: 'host:8000/v1', stable: false } });
    expect(openai('gpt-4o', { baseUrl: 'https://api.openai.com/v1' }).server?.stable).toBe(true);
    const ids = [
      openai('m'),
      openai('m', { jsonMode: 'object' }),
      openai('m', { jsonMode: 'none' }),
      openai('m', { revision: 'r2' }),
      openai('m', { chatTemplateKwargs: { enable_thinking: false } }),
      openai('m', { omit: ['seed'] }),
      openai('m', { omit: ['seed', 'temperature'] }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(openai('m', { omit: ['temperature', 'seed'] }).id).toBe(ids.at(-1));
  });

  test('treats an empty OPENAI_BASE_URL as unset', () => {
    vi.stubEnv('OPENAI_BASE_URL', '');
    expect(openai('gpt-4o').id).toBe('gpt-4o');
  });
});

describe('wrong options', () => {
  test.each([
    ['model', () => openai(' ')],
    ['model', () => openai(undefined as unknown as string)],
    ['baseUrl', () => openai('m', { baseUrl: 'not a url' })],
    ['baseUrl', () => openai('m', { baseUrl: 'localhost:8000/v1' })],
    ['baseUrl', () => openai('m', { baseUrl: '' })],
    ['baseUrl', () => openai('m', { baseUrl: 'http://me:secret@host:8000/v1/' })],
    ['timeoutMs', () => openai('m', { timeoutMs: 0 })],
    ['maxSockets', () => openai('m', { maxSockets: 0 })],
    ['jsonMode', () => openai('m', { jsonMode: 'yaml' as 'none' })],
    ['omit', () => openai('m', { omit: ['temprature' as 'temperature'] })],
  ])('a bad %s is refused at once', (option, make) => {
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(`Option "${option}"`);
  });

  test('a missing key fails the first call before anything is sent', async () => {
    const send = vi.fn<Send>();
    network.stub = send;
    const model = openai('gpt-4o');
    await expect(model.generate(REQUEST)).rejects.toThrow(MissingKeyError);
    await expect(model.generate(REQUEST)).rejects.toThrow(/OPENAI_API_KEY/);
    expect(send).not.toHaveBeenCalled();
  });
});

describe('the response', () => {
  test('has text, finish reason and usage', async () => {
    expect(await local().generate(REQUEST)).toEqual({
      text: 'Reply to: Hello!',
      finishReason: 'stop',
      usage: { inputTokens: 20, cachedInputTokens: 8, outputTokens: 5 },
      served: { model: 'tiny' },
    });
  });

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'other'],
    ['constructor', 'other'],
    [null, 'other'],
    [undefined, 'other'],
  ])('a reply that ended by %s is told as %s', async (given, expected) => {
    server.answer = (_body, response) => send(response, completion('so far', { finish_reason: given }));
    expect(await local().generate(REQUEST)).toMatchObject({ text: 'so far', finishReason: expected });
  });

  test('a refusal and a filtered prompt are outcomes, not exceptions', async () => {
    server.answer = (_body, response) =>
      send(
        response,
        completion(null, { message: { role: 'assistant', content: null, refusal: 'I cannot.' } }),
      );
    expect(await local().generate(REQUEST)).toMatchObject({
      text: 'I cannot.',
      finishReason: 'content-filter',
    });
    server.answer = (_body, response) =>
      send(response, { error: { message: 'The prompt was filtered.', code: 'content_filter' } }, 400);
    expect(await local().generate(REQUEST)).toMatchObject({ text: '', finishReason: 'content-filter' });
  });

  test.each([
    ['no usage', undefined, { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }],
    ['null', null, { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }],
    [
      'usage without details',
      { prompt_tokens: 3, completion_tokens: 2 },
      { inputTokens: 3, cachedInputTokens: 0, outputTokens: 2 },
    ],
    [
      'impossible usage',
      { prompt_tokens: 3, completion_tokens: '2', prompt_tokens_details: { cached_tokens: 99 } },
      { inputTokens: 3, cachedInputTokens: 3, outputTokens: 0 },
    ],
  ])('copes with %s', async (_what, usage, expected) => {
    server.answer = (_body, response) => send(response, { ...completion('hi'), usage });
    expect((await local().generate(REQUEST)).usage).toEqual(expected);
  });
});

describe('unusable responses', () => {
  test.each([
    ['no choices', '{"choices": []}', /has no choices/],
    ['no `choices` field', '{}', /has no choices/],
    ['an empty choice', '{"choices": [{}]}', /has no choices/],
    ['a choice without a message', '{"choices": [{"message": null}]}', /has no choices/],
    ['null', 'null', /has no choices/],
    ['nothing', '', /has no choices/],
    ['a number', '5', /has no choices/],
    ['truncated JSON', '{"choices": [{"mess', /not JSON/],
  ])('%s is reported and retryable', async (_what, body, message) => {
    server.answer = (_body, response) => send(response, body);
    const error = await failure(local().generate(REQUEST));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.hint).toMatch(/base URL/);
  });

  test('a web page gives a hint to check the base URL', async () => {
    server.answer = (_body, response) =>
      send(response, '<html>Welcome</html>', 200, { 'content-type': 'text/html' });
    const error = await failure(local().generate(REQUEST));
    expect(error.hint).toMatch(/base URL/);
  });

  test('a reply without text is an empty string', async () => {
    server.answer = (_body, response) => send(response, completion(null));
    expect(await local().generate(REQUEST)).toMatchObject({ text: '', finishReason: 'stop' });
  });

  test('a connection lost during the response is retryable', async () => {
    server.answer = (_body, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"choices": [', () => response.destroy());
    };
    const error = await failure(local().generate(REQUEST));
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.message).toMatch(/connection was lost/);
  });
});

describe('calls that fail', () => {
  test.each([
    [400, 'bad request', false, undefined],
    [401, 'Incorrect API key', false, /API key/],
    [403, 'no access', false, /API key/],
    [404, 'no such model', false, /model name/],
    [408, 'timeout', true, undefined],
    [409, 'conflict', true, undefined],
    [429, 'slow down', true, undefined],
    [500, 'server error', true, undefined],
    [503, 'overloaded', true, undefined],
  ])('status %i is reported with its retryability', async (status, message, retryable, hint) => {
    server.answer = (_body, response) => send(response, { error: { message } }, status);
    const error = await failure(local().generate(REQUEST));
    expect(error).toMatchObject({ status, retryable });
    expect(error.message).toContain(message);
    expect(error.message).toContain(local().id);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
    expect(server.seen).toHaveLength(1);
  });

  test.each([429, 503, 400])('status %i is kept when its body is nested too deeply', async (status) => {
    const deep = `{"error": {"message": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    server.answer = (_body, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' });
      response.end(deep);
    };
    const error = await failure(local().generate(REQUEST));
    expect(error).toMatchObject({ status, retryable: status !== 400, retryAfterMs: 7_000 });
  });

  test('a used-up quota is not retryable', async () => {
    server.answer = (_body, response) =>
      send(response, { error: { message: 'You exceeded your quota.', code: 'insufficient_quota' } }, 429);
    const error = await failure(local().generate(REQUEST));
    expect(error).toMatchObject({ status: 429, retryable: false });
    expect(error.hint).toMatch(/quota/);
  });

  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('the wait is read from %o', async (headers, expected) => {
    server.answer = (_body, response) =>
      send(response, { error: { message: 'slow down' } }, 429, headers as Record<string, string>);
    expect((await failure(local().generate(REQUEST))).retryAfterMs).toBe(expected);
  });

  test('a date in Retry-After becomes the time until then', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-01-01T00:00:00Z') });
    try {
      server.answer = (_body, response) =>
        send(response, { error: { message: 'slow down' } }, 429, {
          'retry-after': 'Tue, 01 Jan 2030 00:01:00 GMT',
        });
      expect((await failure(local().generate(REQUEST))).retryAfterMs).toBe(60_000);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a long error page is cut', async () => {
    server.answer = (_body, response) =>
      send(response, `<html>${'x'.repeat(100_000)}</html>`, 502, { 'content-type': 'text/html' });
    const error = await failure(local().generate(REQUEST));
    expect(error).toMatchObject({ status: 502, retryable: true });
    expect(error.message.length).toBeLessThan(700);
  });

  test('an unreachable server is retryable, and the error names the cause', async () => {
    const baseUrl = server.baseUrl;
    await server.close();
    const error = await failure(openai('tiny', { baseUrl }).generate(REQUEST));
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.hint).toMatch(/server is running/);
  });

  test.each([
    ['says nothing', () => {}],
    [
      'stops in the middle of its response',
      (_body: unknown, response: import('node:http').ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"choices": [');
      },
    ],
  ])('a server that %s times out after timeoutMs', async (_what, answer) => {
    server.answer = answer;
    const error = await failure(local({ timeoutMs: 100 }).generate(REQUEST));
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.message).toMatch(/did not answer in time/);
  });

  test('an abort throws the signal’s own reason: before the call, while waiting, and during the response', async () => {
    const reason = new Error('enough');
    await expect(local().generate(REQUEST, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.seen).toHaveLength(0);

    const waiting = new AbortController();
    server.answer = () => waiting.abort(reason);
    await expect(local().generate(REQUEST, { signal: waiting.signal })).rejects.toBe(reason);

    const receiving = new AbortController();
    server.answer = (_body, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"choices": [', () => receiving.abort('a text as reason'));
    };
    await expect(local().generate(REQUEST, { signal: receiving.signal })).rejects.toBe('a text as reason');
  });
});

describe('the key', () => {
  test('is not sent along with a redirect', async () => {
    const other = await startChatServer();
    try {
      server.answer = (_body, response) => {
        response.writeHead(307, { location: `${other.baseUrl}/chat/completions` });
        response.end();
      };
      const error = await failure(local({ apiKey: CANARY }).generate(REQUEST));
      expect(error).toMatchObject({ status: 307, retryable: false });
      expect(error.hint).toContain(other.baseUrl);
      expect(server.seen[0]!.headers.authorization).toBe(`Bearer ${CANARY}`);
      expect(other.seen).toHaveLength(0);
    } finally {
      await other.close();
    }
  });

  test.each([
    [
      'an error that repeats it',
      (response: import('node:http').ServerResponse, key: string) =>
        send(
          response,
          { error: { message: `Incorrect API key provided: ${key}`, param: key, type: key, code: key } },
          401,
          { 'x-echo': key },
        ),
    ],
    [
      'a page that repeats it',
      (response: import('node:http').ServerResponse, key: string) =>
        send(response, `<html>${key}</html>`, 500, { 'content-type': 'text/html', 'set-cookie': key }),
    ],
    [
      'broken JSON that repeats it',
      (response: import('node:http').ServerResponse, key: string) => send(response, `{"${key}`),
    ],
  ])('appears nowhere in what is thrown after %s', async (_what, answer) => {
    // Has no known shape, so it is only found because it is the key.
    const key = 'canary key/ä? of mine';
    const given = encodeURIComponent(key);
    server.answer = (_body, response) => answer(response, given);
    const error = await failure(local({ apiKey: given }).generate(REQUEST));
    const texts = [error.message, error.hint, error.stack, inspect(error, { depth: null, showHidden: true })];
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      texts.push(JSON.stringify(cause), JSON.stringify(Object.getOwnPropertyDescriptors(cause)), cause.stack);
    }
    for (const text of texts) expect(text ?? '').not.toContain(given);
    expect(AloeError.isInstance(error)).toBe(true);
  });

  test('never appears if it is part of the base URL', () => {
    const { host } = new URL(server.baseUrl);
    const make = () => openai('tiny', { baseUrl: `http://me:${CANARY}@${host}/v1` });
    expect(make).toThrow(InvalidOptionError);
    expect(inspect(thrownBy(make), { depth: null, showHidden: true })).not.toContain(CANARY);
    expect(server.seen).toHaveLength(0);
  });
});
