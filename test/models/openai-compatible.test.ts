import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AloeError, InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { openai } from '../../src/models/openai.ts';
import { type OpenAICompatibleOptions, openaiCompatible } from '../../src/models/openai-compatible.ts';
import { chatModelConformance } from '../../src/testing/chat-model-conformance.ts';
import { type Answer, type ChatServer, completion, send, startChatServer } from './chat-server.ts';

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
  await server.close();
});

const local = ({ model = 'tiny', ...options }: Partial<OpenAICompatibleOptions> & { model?: string } = {}) =>
  openaiCompatible(model, { baseUrl: server.baseUrl, ...options });

async function failure(call: Promise<unknown>): Promise<ModelCallError> {
  const error = await call.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelCallError);
  return error as ModelCallError;
}

describe.each(chatModelConformance(() => local()))(
  'openaiCompatible fulfils the chat model contract',
  ({ name, run }) => {
    test(name, run);
  },
);

describe('the request', () => {
  test('equals the request of openai(), setting by setting', async () => {
    const schema = { type: 'object', properties: { mood: { type: 'string', maxLength: 9 } } };
    const requests: ChatRequest[] = [
      REQUEST,
      { ...REQUEST, temperature: 0, maxOutputTokens: 50, seed: 0, stop: ['\n', 'END'] },
      { ...REQUEST, outputSchema: { name: 'mood', schema } },
    ];
    const variants = [{}, { jsonMode: 'object' }, { jsonMode: 'none' }, { omit: ['seed', 'stop'] }] as const;
    for (const request of requests) {
      for (const options of variants) {
        await local(options).generate(request);
        await openai('tiny', { baseUrl: server.baseUrl, ...options }).generate(request);
        const [fast, slow] = server.seen.slice(-2);
        expect(fast!.body).toEqual(slow!.body);
        expect(fast!.path).toBe(slow!.path);
      }
    }
    expect(server.seen[8]!.body).toMatchObject({ max_tokens: 50, seed: 0, temperature: 0 });
  });

  test('uses the server’s name for the length limit', async () => {
    const model = local({ maxTokensField: 'max_completion_tokens' });
    await model.generate({ ...REQUEST, maxOutputTokens: 50 });
    expect(server.seen[0]!.body).toMatchObject({ max_completion_tokens: 50 });
    expect(server.seen[0]!.body).not.toHaveProperty('max_tokens');
  });

  test('carries the given key and headers, and no key from the environment', async () => {
    vi.stubEnv('OPENAI_API_KEY', CANARY);
    await local().generate(REQUEST);
    await local({ apiKey: 'own-key-1', headers: { 'X-Team': 'aloe' } }).generate(REQUEST);
    await local({ headers: { Authorization: 'Token abc' } }).generate(REQUEST);
    expect(server.seen.map(({ headers }) => [headers.authorization, headers['x-team']])).toEqual([
      [undefined, undefined],
      ['Bearer own-key-1', 'aloe'],
      ['Token abc', undefined],
    ]);
  });

  test('keeps the path and query string of the base URL', async () => {
    await local({ baseUrl: `${server.baseUrl}/deep//?api-version=2` }).generate(REQUEST);
    expect(server.seen[0]!.path).toBe('/v1/deep/chat/completions?api-version=2');
  });
});

describe('the id', () => {
  test('names model, revision and what changes a reply, but no server and no secret', () => {
    const of = (options: Partial<OpenAICompatibleOptions> = {}) =>
      openaiCompatible('m', { baseUrl: 'http://host:8000/v1/', ...options }).id;
    expect(of()).toBe('m');
    expect(of({ apiKey: CANARY, headers: { 'x-key': CANARY }, timeoutMs: 5, maxSockets: 2 })).toBe(of());
    expect(of({ baseUrl: 'http://host:8001/v1', maxTokensField: 'max_completion_tokens' })).toBe(of());
    const ids = [
      of(),
      of({ jsonMode: 'object' }),
      of({ omit: ['seed'] }),
      of({ revision: 'r2' }),
      of({ chatTemplateKwargs: { enable_thinking: false } }),
      of({ chatTemplateKwargs: { enable_thinking: 'false' } }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(of({ chatTemplateKwargs: {} })).toBe(of());
    expect(of({ chatTemplateKwargs: { b: 1, a: 2 } })).toBe(of({ chatTemplateKwargs: { a: 2, b: 1 } }));
  });

  test.each([
    ['http://localhost:8000/v1', { address: 'localhost:8000/v1', stable: false }],
    ['http://me:secret@gpu7/v1/', undefined],
    ['https://openrouter.ai/api/v1', { address: 'openrouter.ai/api/v1', stable: true }],
    ['https://notopenrouter.ai/api/v1', { address: 'notopenrouter.ai/api/v1', stable: false }],
    ['https://api.groq.com/openai/v1', { address: 'api.groq.com/openai/v1', stable: true }],
  ])('says where it is served, and whether names are stable there: %s', (baseUrl, server) => {
    if (server === undefined) expect(() => openaiCompatible('m', { baseUrl })).toThrow(/credentials/);
    else expect(openaiCompatible('m', { baseUrl }).server).toEqual(server);
  });

  test('with a revision, does not depend on where it is served', () => {
    expect(openaiCompatible('m', { baseUrl: 'http://gpu7/v1', revision: 'r2' })).toMatchObject({
      id: 'm@r2',
      server: undefined,
    });
    for (const revision of ['', 'two words', 'a@b', 7 as unknown as string]) {
      expect(() => openaiCompatible('m', { baseUrl: 'http://gpu7/v1', revision })).toThrow(/revision/);
    }
  });
});

describe('wrong options', () => {
  test.each([
    ['model', { model: ' ' }],
    ['baseUrl', { baseUrl: '' }],
    ['baseUrl', { baseUrl: undefined as unknown as string }],
    ['baseUrl', { baseUrl: 'localhost:8000/v1' }],
    ['baseUrl', { baseUrl: `http://me:${CANARY}@host/v1` }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['maxSockets', { maxSockets: 0.5 }],
    ['jsonMode', { jsonMode: 'yaml' as 'none' }],
    ['omit', { omit: ['temprature' as 'temperature'] }],
    ['chatTemplateKwargs', { chatTemplateKwargs: { tools: 'none' } }],
    ['chatTemplateKwargs.thinking_budget', { chatTemplateKwargs: { thinking_budget: 0.5 } }],
    ['maxTokensField', { maxTokensField: 'tokens' as 'max_tokens' }],
    ['apiKey', { apiKey: `${CANARY}\n` }],
    ['headers.x-a', { headers: { 'x-a': 'b\r\nhost: c' } }],
    ['headers.x y', { headers: { 'x y': 'b' } }],
  ])('a bad %s is refused at once, and repeats no key', (option, options) => {
    let thrown: unknown;
    try {
      local({ baseUrl: 'http://host/v1', ...options });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidOptionError);
    expect((thrown as Error).message).toContain(`Option "${option}"`);
    expect(inspect(thrown, { depth: null })).not.toContain(CANARY);
  });
});

describe('the response', () => {
  test('has text, finish reason and usage, as with openai()', async () => {
    const expected = {
      text: 'Reply to: Hello!',
      finishReason: 'stop',
      usage: { inputTokens: 20, cachedInputTokens: 8, outputTokens: 5 },
      served: { model: 'tiny' },
    };
    expect(await local().generate(REQUEST)).toEqual(expected);
    expect(await openai('tiny', { baseUrl: server.baseUrl }).generate(REQUEST)).toEqual(expected);
  });

  test('reports a reply that was cut off, filtered or refused', async () => {
    const answers: [Answer, object][] = [
      [
        (_body, response) => send(response, completion('so far', { finish_reason: 'length' })),
        { text: 'so far', finishReason: 'length' },
      ],
      [
        (_body, response) => send(response, completion('', { finish_reason: 'content_filter' })),
        { finishReason: 'content-filter' },
      ],
      [
        (_body, response) =>
          send(response, completion(null, { message: { content: null, refusal: 'I cannot.' } })),
        { text: 'I cannot.', finishReason: 'content-filter' },
      ],
      [
        (_body, response) => send(response, { error: { message: 'filtered', code: 'content_filter' } }, 400),
        { text: '', finishReason: 'content-filter' },
      ],
    ];
    for (const [answer, expected] of answers) {
      server.answer = answer;
      expect(await local().generate(REQUEST)).toMatchObject(expected);
    }
  });

  test('carries rate limits, on success and on errors', async () => {
    const headers = {
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '499',
      'x-ratelimit-reset-requests': '120ms',
      'x-ratelimit-limit-tokens': '30000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    const rateLimit = {
      requests: { limit: 500, remaining: 499, resetMs: 120 },
      tokens: { limit: 30_000, remaining: 0, resetMs: 360_000 },
    };
    for (const model of [local(), openai('tiny', { baseUrl: server.baseUrl })]) {
      server.answer = (_body, response) => send(response, completion('hi'), 200, headers);
      expect((await model.generate(REQUEST)).rateLimit).toEqual(rateLimit);
      server.answer = (_body, response) => send(response, { error: { message: 'no' } }, 429, headers);
      expect((await failure(model.generate(REQUEST))).rateLimit).toEqual(rateLimit);
      server.answer = (_body, response) => send(response, completion('hi'));
      expect(await model.generate(REQUEST)).not.toHaveProperty('rateLimit');
    }
  });
});

describe('calls that fail', () => {
  test.each([
    [400, false, undefined],
    [401, false, /API key/],
    [402, false, undefined],
    [403, false, /API key/],
    [404, false, /model name/],
    [408, true, undefined],
    [409, true, undefined],
    [422, false, undefined],
    [425, true, undefined],
    [429, true, undefined],
    [500, true, undefined],
    [503, true, undefined],
    [529, true, undefined],
  ])('status %i is reported with its retryability, as with openai()', async (status, retryable, hint) => {
    server.answer = (_body, response) => send(response, { error: { message: 'not now' } }, status);
    for (const model of [local(), openai('tiny', { baseUrl: server.baseUrl })]) {
      const error = await failure(model.generate(REQUEST));
      expect(error).toMatchObject({ status, retryable });
      expect(error.message).toContain(`${model.id} at ${model.server!.address}: ${status} not now`);
      if (hint === undefined) expect(error.hint).toBeUndefined();
      else expect(error.hint).toMatch(hint);
    }
    expect(server.seen).toHaveLength(2);
  });

  const providers = () => [local(), openai('tiny', { baseUrl: server.baseUrl })];

  test.each([
    [{ error: { message: 'Provider is down', code: 502 } }, 'an error: Provider is down', true],
    [{ error: { message: 'No such model', code: 404 } }, 'an error: No such model', false],
    [{ error: { message: 'Slow down', code: 'rate_limited' } }, 'an error: Slow down', true],
    [{ error: { message: 'Pay', code: 'insufficient_quota' } }, 'an error: Pay. The account has', false],
    [{ error: 'from Ollama', choices: [] }, 'an error: from Ollama', true],
    [{ object: 'error', message: 'from an older vLLM', code: 400 }, 'an error: from an older vLLM', false],
    [{ detail: 'from FastAPI' }, 'an error: from FastAPI', true],
    [{ choices: [{ error: { message: 'Broke off', code: 502 } }] }, 'an error: Broke off', true],
    [
      { choices: [{ message: { content: '' }, finish_reason: 'error', error: { message: 'Broke off' } }] },
      'an error: Broke off',
      true,
    ],
    [{ error: { message: `<b>${'x'.repeat(9_000)}` } }, `an error: ${'x'.repeat(40)}`, true],
    [{ error: null }, 'the response has no choices', true],
    [{ error: { code: 500 } }, 'the response has no choices', true],
    [{ choices: ['error', null, 7] }, 'the response has no choices', true],
    [{ choices: [{ message: 'Out of memory' }] }, 'the response has no choices', true],
    [{ choices: [{ message: { content: 7 } }] }, 'the content of the response is not text', true],
    [
      { choices: [{ message: { content: { error: 'busy' } } }] },
      'the content of the response is not text',
      true,
    ],
    [[{ error: 'in a list' }], 'the response has no choices', true],
  ])('the server’s message is kept where its status is 200: %j', async (body, expected, retryable) => {
    server.answer = (_body, response) => send(response, body);
    for (const model of providers()) {
      const error = await failure(model.generate(REQUEST));
      expect(error.message).toContain(expected);
      expect(error.message.length).toBeLessThan(700);
      expect(error).toMatchObject({ retryable, status: undefined });
    }
  });

  test('a filtered prompt is an outcome where its status is 200 too', async () => {
    server.answer = (_body, response) => send(response, { error: { message: 'no', code: 'content_filter' } });
    for (const model of providers()) {
      expect(await model.generate(REQUEST)).toMatchObject({ text: '', finishReason: 'content-filter' });
    }
  });

  test.each([
    [
      [
        { type: 'text', text: 'Hello' },
        { type: 'text', text: ' there.' },
      ],
      'Hello there.',
      'stop',
    ],
    [['Hello', { text: ' there.' }], 'Hello there.', 'stop'],
    [
      [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
        { type: 'text', text: 'Hi.' },
      ],
      'Hi.',
      'stop',
    ],
    [
      [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'output_text', text: 'Hi.' },
      ],
      'Hi.',
      'stop',
    ],
    [[{ type: 'image_url', image_url: { url: 'x' } }, null, 7, { text: 7 }], '', 'stop'],
    [[], '', 'stop'],
  ])('a list of parts is joined: %j', async (content, text, finishReason) => {
    server.answer = (_body, response) => send(response, completion(content));
    for (const model of providers()) {
      expect(await model.generate(REQUEST)).toMatchObject({ text, finishReason });
    }
  });

  test.each([
    ['{"error": {"message": "from OpenAI"}}', 'from OpenAI'],
    ['{"error": "from Ollama"}', 'from Ollama'],
    ['{"object": "error", "message": "from an older vLLM", "code": 400}', 'from an older vLLM'],
    ['{"detail": "from FastAPI"}', 'from FastAPI'],
    [
      '{"detail": [{"loc": ["body"], "msg": "required"}]}',
      '{"detail": [{"loc": ["body"], "msg": "required"}]}',
    ],
    ['[1, 2]', '[1, 2]'],
    ['null', 'null'],
    ['{"error": null}', '{"error": null}'],
    ['plain', 'plain'],
    ['', '(no body)'],
  ])('the server’s message is found in %s', async (body, expected) => {
    server.answer = (_body, response) => send(response, body, 400);
    expect((await failure(local().generate(REQUEST))).message).toContain(`: 400 ${expected}`);
  });

  test.each([
    { message: 'no money', code: 'insufficient_quota' },
    { message: 'no money', code: null, type: 'insufficient_quota' },
  ])('a used-up quota is not retryable (%o)', async (error) => {
    server.answer = (_body, response) => send(response, { error }, 429);
    const thrown = await failure(local().generate(REQUEST));
    expect(thrown).toMatchObject({ status: 429, retryable: false });
    expect(thrown.hint).toMatch(/quota/);
  });

  test('the wait is read from the headers', async () => {
    server.answer = (_body, response) => send(response, 'slow down', 429, { 'retry-after': '90' });
    expect((await failure(local().generate(REQUEST))).retryAfterMs).toBe(90_000);
  });

  test('an unreachable server is retryable, and the error names the cause', async () => {
    const baseUrl = server.baseUrl;
    await server.close();
    const error = await failure(local({ baseUrl }).generate(REQUEST));
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.message).toContain('cannot be reached (ECONNREFUSED)');
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

  test('an abort while waiting for a socket sends nothing', async () => {
    const stop = new AbortController();
    const model = local({ maxSockets: 1 });
    let release = () => {};
    const first = new Promise<void>((resolve) => {
      server.answer = (_body, response) => {
        release = () => send(response, completion('hi'));
        resolve();
      };
    });
    const held = model.generate(REQUEST);
    await first;
    const waiting = model.generate(REQUEST, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    release();
    expect(await held).toMatchObject({ text: 'hi' });
    server.answer = (_body, response) => send(response, completion('next'));
    expect(await model.generate(REQUEST)).toMatchObject({ text: 'next' });
    expect(server.seen).toHaveLength(2);
  });
});

describe('the key', () => {
  test.each([
    [
      'an error that repeats it',
      (key: string) => [401, JSON.stringify({ error: { message: key, code: key } })],
    ],
    ['a page that repeats it', (key: string) => [500, `<html>${key}</html>`]],
    ['broken JSON that repeats it', (key: string) => [200, `{"${key}`]],
  ] as const)('appears nowhere in what is thrown after %s', async (_what, answer) => {
    for (const [name, key] of [
      ['authorization', 'canary%20of-no-shape-1'],
      ['x-api-key', 'canary%20of-no-shape-2'],
    ] as const) {
      const [status, body] = answer(key);
      server.answer = (_body, response) =>
        send(response, body as string, status as number, { 'x-echo': key, location: `http://${key}/` });
      const options = name === 'x-api-key' ? { headers: { [name]: key } } : { apiKey: key };
      const error = await failure(local(options).generate(REQUEST));
      expect(server.seen.at(-1)!.headers[name]).toContain(key);
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(key);
      expect(AloeError.isInstance(error)).toBe(true);
    }
  });
});
