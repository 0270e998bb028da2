import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { connectionPool } from '../../src/http/connection-pool.ts';
import { sendRequest } from '../../src/http/send-request.ts';
import { sendWithFetch } from '../../src/http/send-with-fetch.ts';
import { type Answer, startChatServer } from '../models/chat-server.ts';
import { startRawServer } from './raw-server.ts';

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer key' };

/** The answer of a server by both ways of sending, or their errors. */
async function both(answer: Answer, options: { timeoutMs?: number; maxBytes?: number } = {}) {
  const { timeoutMs = 20_000, maxBytes = 1_000 } = options;
  const server = await startChatServer(answer);
  try {
    const { origin } = new URL(server.baseUrl);
    const request = {
      origin,
      path: '/v1/x?a=b',
      method: 'POST',
      headers: HEADERS,
      body: '{"a":1}',
      timeoutMs,
    };
    const parts = async (sent: ReturnType<typeof sendWithFetch>) => {
      const { status, headers, text } = await sent;
      return { status, type: headers['content-type'], text };
    };
    const pool = sendRequest(connectionPool(origin), { ...request, maxResponseBytes: maxBytes });
    const ways = [
      await Promise.allSettled([parts(pool)]),
      await Promise.allSettled([parts(sendWithFetch(request, maxBytes))]),
    ];
    return { ways: ways.map(([way]) => way!), seen: server.seen };
  } finally {
    await server.close();
  }
}

test.each<[string, Answer]>([
  ['an answer', (body, response) => response.end(JSON.stringify(body))],
  ['an error', (_body, response) => response.writeHead(503).end('busy')],
  [
    'a redirect, which is not followed',
    (_body, response) => response.writeHead(302, { location: '/' }).end(),
  ],
  ['nothing', (_body, response) => response.writeHead(204).end()],
  [
    'a byte order mark and invalid UTF-8',
    (_body, response) => response.end(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff])),
  ],
  [
    'a compressed answer',
    (_body, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a')),
  ],
  ['too many bytes, said before', (_body, response) => response.end('a'.repeat(1_001))],
  [
    'too many bytes, in chunks',
    (_body, response) => {
      response.write('a'.repeat(600));
      response.end('a'.repeat(600));
    },
  ],
])('%s is the same with the runtime’s own fetch as with the pool', async (_name, answer) => {
  const { ways, seen } = await both(answer);
  expect(ways[1]).toEqual(ways[0]);
  expect(seen[1]).toMatchObject({ path: seen[0]!.path, body: seen[0]!.body });
  expect(seen.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity', 'identity']);
});

test('a silent server is a timeout, an abort gives its reason', async () => {
  const { ways } = await both(() => {}, { timeoutMs: 100 });
  expect(ways[1]).toEqual(ways[0]);
  expect(ways[1]).toMatchObject({ reason: { failure: 'timeout' } });

  const server = await startChatServer(() => {});
  const reason = new Error('enough');
  const request = {
    origin: new URL(server.baseUrl).origin,
    path: '/',
    method: 'GET',
    headers: {},
    body: null,
  };
  await expect(sendWithFetch({ ...request, signal: AbortSignal.abort(reason) }, 1_000)).rejects.toBe(reason);
  await server.close();
});

test('no server is unreachable, and a connection that breaks is said to be lost and not tried again', async () => {
  const request = { origin: 'http://127.0.0.1:1', path: '/', method: 'POST', headers: {}, body: '{}' };
  await expect(sendWithFetch(request, 1_000)).rejects.toMatchObject({ failure: 'unreachable' });
  const server = await startRawServer((socket) => socket.destroy());
  const { origin } = new URL(server.baseUrl);
  await expect(sendWithFetch({ ...request, origin }, 1_000)).rejects.toMatchObject({ failure: 'broken-off' });
  expect(server.seen).toHaveLength(1);
  await server.close();
});
