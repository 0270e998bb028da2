import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ModelCallError } from '../../src/errors.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { openai } from '../../src/models/openai.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';
import { httpAnswer, startRawServer } from './raw-server.ts';

const CANARY = 'canary-of-no-known-shape/ä-1';
const KEY = encodeURIComponent(CANARY);
const REQUEST = { messages: [{ role: 'user' as const, content: 'Hello!' }] };

interface Settings {
  readonly baseUrl: string;
  readonly timeoutMs?: number;
}
const PROVIDERS: readonly [string, (settings: Settings) => ChatModel][] = [
  ['openaiCompatible', (settings) => openaiCompatible('tiny', { apiKey: KEY, ...settings })],
  ['openai', (settings) => openai('tiny', { apiKey: KEY, ...settings })],
];

async function failure(call: Promise<unknown>): Promise<ModelCallError> {
  const error = await call.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelCallError);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(KEY);
  return error as ModelCallError;
}

let server: ChatServer;
beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.close());

describe.each(PROVIDERS)('%s', (_name, create) => {
  const call = (timeoutMs = 20_000) => create({ baseUrl: server.baseUrl, timeoutMs }).generate(REQUEST);

  test('times out if the server sends nothing', async () => {
    server.answer = () => {};
    const error = await failure(call(100));
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.message).toMatch(/did not answer in time/);
  });

  test('times out if the server drips its response', async () => {
    server.answer = (_body, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    };
    expect((await failure(call(150))).message).toMatch(/did not answer in time/);
  });

  test('times out if the server drips its headers', async () => {
    const raw = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      let count = 0;
      const drip = setInterval(() => socket.write(`x-${count++}: y\r\n`), 10);
      socket.on('close', () => clearInterval(drip));
    });
    try {
      const model = create({ baseUrl: raw.baseUrl, timeoutMs: 150 });
      expect((await failure(model.generate(REQUEST))).message).toMatch(/did not answer in time/);
    } finally {
      await raw.close();
    }
  });

  test.each([
    ['before its answer', ''],
    ['in the middle of its answer', httpAnswer(JSON.stringify(completion('hi'))).slice(0, -20)],
    ['in the middle of its headers', 'HTTP/1.1 200 OK\r\ncontent-'],
  ])('tells that a connection was reset %s', async (_when, sent) => {
    const raw = await startRawServer((socket) => {
      if (sent === '') socket.resetAndDestroy();
      else socket.write(sent, () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    try {
      const error = await failure(create({ baseUrl: raw.baseUrl }).generate(REQUEST));
      expect(error).toMatchObject({ retryable: true, status: undefined });
      expect(error.message).toMatch(/connection was lost/);
      expect(raw.seen).toHaveLength(1);
    } finally {
      await raw.close();
    }
  });

  test('reports a server that does not speak HTTP', async () => {
    const raw = await startRawServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    try {
      const error = await failure(create({ baseUrl: raw.baseUrl }).generate(REQUEST));
      expect(error.message).toMatch(/connection was lost \(.*HTTP/);
    } finally {
      await raw.close();
    }
  });

  test.each([
    ['a web page', '<!doctype html><html><body>Sign in</body></html>', 'text/html', /not JSON/],
    ['truncated JSON', '{"choices": [{"mess', 'application/json', /not JSON/],
    ['no choices', '{"choices": []}', 'application/json', /has no choices/],
    ['choices that are none', '{"choices": "none"}', 'application/json', /has no choices/],
    ['nothing', '', 'application/json', /has no choices/],
  ])('tells that a success is %s, and that another try may help', async (_what, body, type, message) => {
    server.answer = (_body, response) => send(response, body, 200, { 'content-type': type });
    const error = await failure(call());
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/base URL/);
  });

  test('reports a success without content', async () => {
    server.answer = (_body, response) => {
      response.writeHead(204);
      response.end();
    };
    expect((await failure(call())).message).toMatch(/has no choices/);
  });

  test.each([
    ['announced', { 'content-length': String(2 ** 30) }],
    ['not announced', {}],
  ])('stops reading an answer of a gigabyte, %s', async (_how, headers) => {
    let written = 0;
    const closed = new Promise<void>((resolve) => {
      server.answer = (_body, response) => {
        response.writeHead(200, { 'content-type': 'application/json', ...headers });
        response.on('close', resolve);
        response.on('error', () => {});
        pour(response, (bytes) => {
          written += bytes;
        });
      };
    });
    const error = await failure(call());
    expect(error.message).toMatch(/larger than 16777216 bytes/);
    expect(error.retryable).toBe(false);
    await closed;
    // The size limit plus the buffers between client and server.
    expect(written).toBeLessThan(64 * 2 ** 20);
  });

  test('refuses a million brackets', async () => {
    server.answer = (_body, response) => send(response, '['.repeat(1_000_000));
    const error = await failure(call());
    expect(error.message).toMatch(/deeper than 64/);
    expect(error.retryable).toBe(false);
  });

  test('refuses a million brackets in an error too', async () => {
    server.answer = (_body, response) => send(response, '{"error":'.repeat(1_000_000), 500);
    expect((await failure(call())).message.length).toBeLessThan(1_000);
  });

  test('requests no compression and decompresses nothing', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    server.answer = (_body, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(bomb);
    };
    const error = await failure(call());
    expect(error.message).toMatch(/content encoding \(gzip\)/);
    expect(error.retryable).toBe(false);
    expect(server.seen[0]!.headers['accept-encoding']).toBe('identity');
  });

  test.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (status) => {
    const other = await startChatServer();
    try {
      server.answer = (_body, response) => {
        response.writeHead(status, { location: `${other.baseUrl}/chat/completions` });
        response.end();
      };
      const error = await failure(call());
      expect(error).toMatchObject({ status, retryable: false });
      expect(error.hint).toContain(other.baseUrl);
      expect(server.seen).toHaveLength(1);
      expect(server.seen[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
      expect(other.seen).toHaveLength(0);
    } finally {
      await other.close();
    }
  });

  test('accepts another content type, a byte order mark, or invalid UTF-8', async () => {
    server.answer = (_body, response) =>
      send(response, JSON.stringify(completion('hi')), 200, { 'content-type': 'text/plain' });
    expect(await call()).toMatchObject({ text: 'hi' });
    server.answer = (_body, response) => send(response, `\ufeff${JSON.stringify(completion('hi'))}`);
    expect(await call()).toMatchObject({ text: 'hi' });
    server.answer = (_body, response) => {
      const [before, after] = JSON.stringify(completion('a|z')).split('|');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(Buffer.concat([Buffer.from(before!), Buffer.from([0xff, 0xc3]), Buffer.from(after!)]));
    };
    expect(await call()).toMatchObject({ text: 'a\ufffd\ufffdz' });
  });

  test('accepts characters split between two packets', async () => {
    server.answer = (_body, response) => {
      const bytes = Buffer.from(JSON.stringify(completion('naïve 😬')));
      const cut = bytes.indexOf(0xf0) + 2;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(bytes.subarray(0, cut));
      setTimeout(() => response.end(bytes.subarray(cut)), 20);
    };
    expect(await call()).toMatchObject({ text: 'naïve 😬' });
  });

  test('waits for the response after an early hint', async () => {
    server.answer = (_body, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      send(response, completion('hi'));
    };
    expect(await call()).toMatchObject({ text: 'hi' });
  });

  test.each([
    [
      'OpenAI’s form',
      '{"error": {"message": "Slow down, please.", "type": "requests"}}',
      /Slow down, please/,
    ],
    ['a page', '<html><style>b{color:red}</style><h1>Bad&nbsp;gateway</h1></html>', /502 Bad&nbsp;gateway/],
    ['plain text', 'upstream gone', /502 upstream gone/],
  ])('passes on what went wrong: %s', async (_what, body, message) => {
    server.answer = (_body, response) => send(response, body, 502, { 'content-type': 'text/html' });
    const error = await failure(call());
    expect(error).toMatchObject({ status: 502, retryable: true });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('<');
  });

  test('redacts a key at the edge of a shortened message', async () => {
    for (let before = 470; before < 500; before += 3) {
      server.answer = (_body, response) => send(response, `${'x'.repeat(before)} ${KEY} is wrong`, 401);
      const error = await failure(call());
      expect(error.message).not.toContain(KEY.slice(0, 8));
    }
  });
});

/** Writes a gigabyte as fast as the client reads it. */
function pour(response: ServerResponse, onWritten: (bytes: number) => void): void {
  const chunk = Buffer.alloc(2 ** 20, ' ');
  let chunks = 0;
  const more = () => {
    while (!response.destroyed && chunks < 1_024) {
      chunks += 1;
      onWritten(chunk.length);
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
