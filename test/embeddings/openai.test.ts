import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OpenAIEmbedderOptions, openaiEmbedder } from '../../src/embeddings/openai.ts';
import { InvalidOptionError, MissingKeyError, ModelCallError } from '../../src/errors.ts';

interface Body {
  model: string;
  input: string[];
  encoding_format: string;
  dimensions?: number;
}
interface Seen {
  body: Body;
  headers: IncomingMessage['headers'];
  path: string | undefined;
}
type Answer = (body: Body, response: ServerResponse) => void;

const CANARY = 'sk-canary-0123456789abcdef';

let server: Server;
let baseUrl: string;
let seen: Seen[];
let answer: Answer;

beforeEach(async () => {
  vi.stubEnv('OPENAI_API_KEY', '');
  vi.stubEnv('OPENAI_BASE_URL', undefined);
  seen = [];
  answer = (body, response) => reply(response, body.input.map(vectorOf));
  server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Body;
    seen.push({ body, headers: request.headers, path: request.url });
    answer(body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

/** Not of unit length, and different for each text. */
const vectorOf = (input: string) => [input.length, 2, 3];

function reply(response: ServerResponse, vectors: unknown[], order = vectors.map((_, index) => index)): void {
  const data = order.map((index) => ({ object: 'embedding', index, embedding: vectors[index] }));
  send(response, { object: 'list', data });
}

function send(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const local = (options: OpenAIEmbedderOptions = {}) =>
  openaiEmbedder('tiny', { baseUrl, dimensions: 3, ...options });

it('keeps the query string of the base URL', async () => {
  await local({ baseUrl: `${baseUrl}?key=a%2Fb&key=c` }).embed(['tea']);
  expect(seen[0]!.path).toBe('/v1/embeddings?key=a%2Fb&key=c');
});
const failure = async (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as ModelCallError,
  );

describe('openaiEmbedder', () => {
  it('returns one unit-length vector per text, in order', async () => {
    answer = (body, response) => reply(response, body.input.map(vectorOf), [2, 0, 1]);
    const vectors = await local().embed(['a', 'bb', 'ccc']);
    expect(vectors).toHaveLength(3);
    for (const [i, vector] of vectors.entries()) {
      expect(vector).toBeInstanceOf(Float32Array);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      expect(vector[0]! / vector[1]!).toBeCloseTo((i + 1) / 2, 5);
    }
  });

  it('sends batches one after the other and nothing for an empty list', async () => {
    const embedder = local({ batchSize: 2 });
    expect(await embedder.embed([])).toEqual([]);
    expect(seen).toHaveLength(0);
    expect(await embedder.embed(['a', 'b', 'c', 'd', 'e'])).toHaveLength(5);
    expect(seen.map(({ body }) => body.input)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(seen[0]).toMatchObject({
      path: '/v1/embeddings',
      body: { model: 'tiny', encoding_format: 'float' },
    });
  });

  it('requests fewer dimensions only from models that support it', async () => {
    await failure(
      openaiEmbedder('text-embedding-3-large', { baseUrl, dimensions: 3 })
        .embed(['a'])
        .then(() => Promise.reject(new Error('done'))),
    );
    await local().embed(['a']);
    expect(seen.map(({ body }) => body.dimensions)).toEqual([3, undefined]);
  });

  it('names model, revision and size in its id, but not where it runs', () => {
    expect(openaiEmbedder().id).toBe('openai:text-embedding-3-small');
    expect(openaiEmbedder().dimensions).toBe(1_536);
    expect(openaiEmbedder('text-embedding-3-large').dimensions).toBe(3_072);
    expect(openaiEmbedder('text-embedding-3-small', { dimensions: 256 }).id).toBe(
      'openai:text-embedding-3-small:256',
    );
    const served = { dimensions: 3, baseUrl: 'http://host:8000/v1/' };
    expect(openaiEmbedder('bge', served).id).toBe('openai:bge:3');
    expect(openaiEmbedder('bge', served).server).toEqual({ address: 'host:8000/v1', stable: false });
    expect(openaiEmbedder('bge', { ...served, revision: 'r2' })).toMatchObject({
      id: 'openai:bge@r2:3',
      server: undefined,
    });
    expect(() => openaiEmbedder('bge', { ...served, revision: 'two words' })).toThrow(/revision/);
  });

  it('says in errors where it runs', async () => {
    const away = openaiEmbedder('bge', { dimensions: 3, baseUrl: 'http://127.0.0.1:1/v1' });
    await expect(away.embed(['a'])).rejects.toThrow(/openai:bge:3 at 127\.0\.0\.1:1\/v1/);
  });

  it.each([
    ['model', () => openaiEmbedder('')],
    ['dimensions', () => openaiEmbedder('some-other-model')],
    ['dimensions', () => openaiEmbedder('text-embedding-3-small', { dimensions: 0 })],
    ['batchSize', () => openaiEmbedder('text-embedding-3-small', { batchSize: 1.5 })],
    ['baseUrl', () => openaiEmbedder('text-embedding-3-small', { baseUrl: 'not a url' })],
    ['baseUrl', () => openaiEmbedder('text-embedding-3-small', { baseUrl: 'http://me:secret@host:8000/v1' })],
  ])('refuses a bad %s at once', (option, make) => {
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(`"${option}"`);
  });

  it('reads the key at the first call, and needs none for your own server', async () => {
    await expect(openaiEmbedder().embed(['a'])).rejects.toThrow(MissingKeyError);
    const own = local();
    vi.stubEnv('OPENAI_BASE_URL', baseUrl);
    const embedder = openaiEmbedder('bge', { dimensions: 3 });
    vi.stubEnv('OPENAI_API_KEY', CANARY);
    await embedder.embed(['a']);
    expect(seen.at(-1)!.headers.authorization).toBe(`Bearer ${CANARY}`);
    vi.stubEnv('OPENAI_BASE_URL', undefined);
    await own.embed(['a']);
    expect(seen.at(-1)!.headers.authorization).toBeUndefined();
  });
});

describe('unusable responses', () => {
  it.each([
    ['vectors of another length', [[1, 2]], /2 dimensions, not the 3 expected/],
    ['a number that is not finite', ['[1,1e999,2]'], /dimension 1 of a vector is Infinity/],
    ['null in a vector', [[1, null, 2]], /dimension 1 of a vector is null/],
    ['a vector of zeros', [[0, 0, 0]], /no direction/],
    ['a vector that is text', ['"AACAPw=="'], /no vector for text 1/],
  ])('refuses %s', async (_what, vectors, message) => {
    const raw = vectors.map((vector) => (typeof vector === 'string' ? vector : JSON.stringify(vector)));
    answer = (_body, response) =>
      send(response, `{"data":[${raw.map((vector, index) => `{"index":${index},"embedding":${vector}}`)}]}`);
    const error = await failure(local().embed(['a']));
    expect(error).toBeInstanceOf(ModelCallError);
    expect(error.message).toMatch(message);
    expect(error.retryable).toBe(false);
  });

  it.each([
    [
      'fewer vectors than texts',
      (body: Body, response: ServerResponse) => reply(response, body.input.slice(1).map(vectorOf)),
    ],
    [
      'one index twice',
      (body: Body, response: ServerResponse) => reply(response, body.input.map(vectorOf), [0, 0]),
    ],
    ['no list at all', (_body: Body, response: ServerResponse) => send(response, { object: 'list' })],
    ['null', (_body: Body, response: ServerResponse) => send(response, 'null')],
  ])('refuses %s', async (_what, given) => {
    answer = given;
    const error = await failure(local().embed(['a', 'b']));
    expect(error).toBeInstanceOf(ModelCallError);
    expect(error.message).toMatch(/no vector for text \d of the 2 sent/);
  });
});

describe('failed calls', () => {
  it('marks a refused key as not retryable, and does not quote it', async () => {
    answer = (_body, response) => send(response, { error: { message: `Incorrect API key: ${CANARY}` } }, 401);
    const error = await failure(local({ apiKey: CANARY }).embed(['a']));
    expect(error).toBeInstanceOf(ModelCallError);
    expect(error).toMatchObject({ status: 401, retryable: false });
    expect(error.message).not.toContain(CANARY);
    expect(seen).toHaveLength(1);
  });

  it('reports how long a busy server asks to wait, and does not retry', async () => {
    answer = (_body, response) =>
      send(response, { error: { message: 'slow down' } }, 429, { 'retry-after': '7' });
    const error = await failure(local().embed(['a']));
    expect(error).toMatchObject({ status: 429, retryable: true, retryAfterMs: 7_000 });
    expect(seen).toHaveLength(1);
  });

  it('marks an unreachable server as retryable', async () => {
    const error = await failure(
      openaiEmbedder('tiny', { baseUrl: 'http://127.0.0.1:9/v1', dimensions: 3 }).embed(['a']),
    );
    expect(error).toBeInstanceOf(ModelCallError);
    expect(error.retryable).toBe(true);
  });

  it('throws the abort reason, before and during a call', async () => {
    const reason = new Error('enough');
    await expect(local().embed(['a'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen).toHaveLength(0);
    const controller = new AbortController();
    answer = () => controller.abort(reason);
    await expect(local().embed(['a'], { signal: controller.signal })).rejects.toBe(reason);
  });
});
