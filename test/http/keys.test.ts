import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openaiEmbedder } from '../../src/embeddings/openai.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { isOpenAI, ownsEnvironmentKey } from '../../src/http/base-url.ts';
import { requestHeaders } from '../../src/http/request-headers.ts';
import { openai } from '../../src/models/openai.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { redact } from '../../src/redact.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';

const ENVIRONMENT_KEY = 'sk-environment-0123456789abcdef';
const OWN_KEY = 'own-key-of-this-server';
const REQUEST = { messages: [{ role: 'user' as const, content: 'Hello!' }] };

let server: ChatServer;
beforeEach(async () => {
  vi.stubEnv('OPENAI_API_KEY', ENVIRONMENT_KEY);
  vi.stubEnv('OPENAI_BASE_URL', undefined);
  server = await startChatServer((body, response) =>
    send(
      response,
      body.input === undefined ? completion('Hi.') : { data: [{ index: 0, embedding: [1, 2, 3] }] },
    ),
  );
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

type Settings = { readonly baseUrl?: string; readonly apiKey?: string };
const CLIENTS: readonly [string, (settings: Settings) => Promise<unknown>][] = [
  ['openai', (settings) => openai('tiny', settings).generate(REQUEST)],
  ['openaiEmbedder', (settings) => openaiEmbedder('tiny', { dimensions: 3, ...settings }).embed(['a'])],
];

describe.each(CLIENTS)('%s', (_name, call) => {
  const sent = () => JSON.stringify(server.seen.at(-1)?.headers);

  test('sends the key of the environment to no server of an option', async () => {
    await call({ baseUrl: server.baseUrl });
    expect(server.seen.at(-1)?.headers.authorization).toBeUndefined();
    expect(sent()).not.toContain(ENVIRONMENT_KEY);
  });

  test('sends a server the key that it is given', async () => {
    await call({ baseUrl: server.baseUrl, apiKey: OWN_KEY });
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${OWN_KEY}`);
    expect(sent()).not.toContain(ENVIRONMENT_KEY);
  });

  test('sends the key of the environment to OPENAI_BASE_URL, also if an option repeats it', async () => {
    vi.stubEnv('OPENAI_BASE_URL', `${server.baseUrl}/`);
    await call({});
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${ENVIRONMENT_KEY}`);
    await call({ baseUrl: server.baseUrl });
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${ENVIRONMENT_KEY}`);
  });

  test('sends no key to OPENAI_BASE_URL if there is none', async () => {
    vi.stubEnv('OPENAI_BASE_URL', server.baseUrl);
    vi.stubEnv('OPENAI_API_KEY', '');
    await call({});
    expect(server.seen.at(-1)?.headers.authorization).toBeUndefined();
  });

  test('sends other keys and headers of the environment to no server of an option', async () => {
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', `Authorization: Bearer ${ENVIRONMENT_KEY}\nX-Team: canary-team`);
    vi.stubEnv('OPENAI_ADMIN_KEY', ENVIRONMENT_KEY);
    vi.stubEnv('OPENAI_ORG_ID', 'org-canary');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-canary');
    vi.stubEnv('OPENAI_WEBHOOK_SECRET', ENVIRONMENT_KEY);
    await call({ baseUrl: server.baseUrl });
    expect(sent()).not.toMatch(/canary|environment/);
    await call({ baseUrl: server.baseUrl, apiKey: OWN_KEY });
    expect(sent()).not.toMatch(/canary|environment/);
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${OWN_KEY}`);
  });

  test('sends the headers in OPENAI_CUSTOM_HEADERS to OPENAI_BASE_URL', async () => {
    vi.stubEnv('OPENAI_BASE_URL', server.baseUrl);
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'X-Team: green: eggs\nno header\n');
    await call({});
    expect(server.seen.at(-1)?.headers['x-team']).toBe('green: eggs');
  });

  test('prints no request, whatever OPENAI_LOG says', async () => {
    vi.stubEnv('OPENAI_LOG', 'debug');
    const methods = (['debug', 'log', 'info', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    await call({ baseUrl: server.baseUrl, apiKey: OWN_KEY });
    for (const method of methods) expect(method).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test.each([`${OWN_KEY}\n`, `${OWN_KEY}\r\nX-More: 1`, `${OWN_KEY}ä€`])(
    'refuses a key that no header can hold, without showing it: %j',
    async (apiKey) => {
      const call = openai('tiny', { baseUrl: server.baseUrl, apiKey }).generate(REQUEST);
      await expect(call).rejects.toThrow(InvalidOptionError);
      await expect(call).rejects.not.toThrow(OWN_KEY);
    },
  );
});

describe('the key of the environment', () => {
  test.each([
    ['https://api.openai.com/v1', true],
    ['https://API.OpenAI.com:443/v1/', true],
    ['https://eu.api.openai.com/v1', true],
    ['http://api.openai.com/v1', false],
    ['https://api.openai.com:8443/v1', false],
    ['https://api.openai.com.evil.example/v1', false],
    ['https://evilapi.openai.com/v1', false],
    ['https://api-openai.com/v1', false],
    ['https://evil.example/api.openai.com/v1', false],
    ['https://evil.example/v1?https://api.openai.com', false],
    ['https://evil.example\\.api.openai.com/v1', false],
    ['http://localhost:8000/v1', false],
  ])('belongs to %s: %s', (url, belongs) => {
    expect(ownsEnvironmentKey(url)).toBe(belongs);
    expect(isOpenAI(url)).toBe(belongs);
  });

  test.each([
    ['http://gateway.example/v1', 'http://gateway.example/v1/', true],
    ['http://GATEWAY.example:80/v1', 'http://gateway.example/v1', true],
    ['http://gateway.example/v1', 'https://gateway.example/v1', false],
    ['https://gateway.example/v1', 'http://gateway.example/v1', false],
    ['http://gateway.example/v1', 'http://gateway.example/v2', false],
    ['http://gateway.example/v1', 'http://gateway.example:8000/v1', false],
    ['http://gateway.example/v1', 'http://gateway.example.evil/v1', false],
    ['not a url', 'http://gateway.example/v1', false],
    ['', 'http://gateway.example/v1', false],
  ])('with OPENAI_BASE_URL=%s belongs to %s: %s', (own, url, belongs) => {
    vi.stubEnv('OPENAI_BASE_URL', own);
    expect(ownsEnvironmentKey(url)).toBe(belongs);
  });

  test('OPENAI_BASE_URL is refused by its own name, without its password', () => {
    vi.stubEnv('OPENAI_BASE_URL', 'http://me:pa ss/wo@rd@gateway.example/v1');
    expect(() => openai('tiny')).toThrow(/Option "OPENAI_BASE_URL".*"http:\/\/\[redacted\]@gateway/);
  });
});

describe('a key over plain http', () => {
  const warn = (server: string, credentials = { apiKey: OWN_KEY }) => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    requestHeaders(new URL(server), credentials);
    requestHeaders(new URL(server), credentials);
    const warnings = emitted.mock.calls;
    emitted.mockRestore();
    return warnings;
  };

  test('gives one warning per server, without the key', () => {
    const warnings = warn('http://gateway-one.example:8000/v1?key=canary-in-query');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]![1]).toMatchObject({ code: 'ALOE_PLAIN_HTTP' });
    expect(JSON.stringify(warnings)).toContain('gateway-one.example:8000');
    expect(JSON.stringify(warnings)).not.toMatch(/own-key|canary/);
    expect(warn('http://192.168.1.20/v1')).toHaveLength(1);
    expect(warn('http://localhost.evil.example/v1')).toHaveLength(1);
  });

  test.each(['x-api-key', 'Authorization', 'Cookie'])('also warns of a key in the header %s', (name) => {
    const credentials = { apiKey: '', headers: { [name]: 'value-of-a-header' } };
    expect(warn(`http://${name.toLowerCase()}.example/v1`, credentials)).toHaveLength(1);
  });

  test.each([
    'https://gateway-two.example/v1',
    'http://localhost:8000/v1',
    'http://LOCALHOST/v1',
    'http://vllm.localhost/v1',
    'http://127.0.0.1:8000/v1',
    'http://127.1/v1',
    'http://[::1]:8000/v1',
  ])('gives none for %s', (url) => {
    expect(warn(url)).toEqual([]);
  });

  test('gives none if there is no key', () => {
    expect(warn('http://gateway-three.example/v1', { apiKey: '' })).toEqual([]);
  });
});

describe('a header that holds a key', () => {
  test.each([
    ['Authorization', 'Token canary-after-scheme', 'canary-after-scheme'],
    ['Cookie', 'session=canary-of-cookie-one; other=canary-of-cookie-two', 'canary-of-cookie-two'],
    ['Proxy-Authorization', `Basic ${btoa('me:canary-in-basic')}`, 'canary-in-basic'],
    ['X-API-Key', 'canary of x-api-key', 'canary of x-api-key'],
    ['X-Gateway', 'canary.of/unusual-header-7', 'canary.of/unusual-header-7'],
  ])('%s is registered in its parts', (name, value, secret) => {
    requestHeaders(new URL('https://host/v1'), { headers: { [name]: value } });
    expect(redact(`The server said ${secret}!`)).toBe('The server said [redacted]!');
  });
});

describe('a key in the query of the base URL', () => {
  const KEY = 'gemini canary/of=no+shape';
  test.each([
    ['as it was sent', (path: string) => path],
    ['decoded', (path: string) => decodeURIComponent(path)],
    ['as JSON', (path: string) => JSON.stringify(decodeURIComponent(path))],
  ])('is in no error that repeats the requested URL %s', async (_how, write) => {
    server.answer = (_body, response, request) =>
      send(response, { error: { message: `No route for the requested URL ${write(request.url!)}` } }, 404);
    const baseUrl = `${server.baseUrl}?key=${encodeURIComponent(KEY)}`;
    const error = await openaiCompatible('tiny', { baseUrl }).generate(REQUEST).catch(String);
    expect(server.seen).toHaveLength(1);
    expect(new URL(`http://host${server.seen[0]!.path}`).searchParams.get('key')).toBe(KEY);
    expect(error).toContain('[redacted]');
    expect(error).not.toMatch(/gemini|canary/);
  });
});
