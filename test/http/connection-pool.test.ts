import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModelCallError } from '../../src/errors.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';
import { httpAnswer, type RawServer, startRawServer } from './raw-server.ts';

const REQUEST = { messages: [{ role: 'user' as const, content: 'Hello!' }] };

let server: ChatServer | RawServer | undefined;
afterEach(() => server?.close());

/** Counts the sockets that a slow server saw, in total and at once. */
async function socketsUsed(calls: number, maxSockets?: number): Promise<{ total: number; peak: number }> {
  let total = 0;
  let open = 0;
  let peak = 0;
  const counting = createServer((request, response) => {
    request.resume();
    setTimeout(() => send(response, completion('hi')), 20);
  });
  counting.on('connection', (socket) => {
    total += 1;
    open += 1;
    peak = Math.max(peak, open);
    socket.on('close', () => {
      open -= 1;
    });
  });
  await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(counting.address() as AddressInfo).port}/v1`;
  try {
    const models = ['one', 'two'].map((model) => openaiCompatible(model, { baseUrl, maxSockets }));
    for (let round = 0; round < 3; round++) {
      const replies = await Promise.all(
        Array.from({ length: calls }, (_, index) => models[index % 2]!.generate(REQUEST)),
      );
      expect(replies.every(({ text }) => text === 'hi')).toBe(true);
    }
    return { total, peak };
  } finally {
    counting.closeAllConnections();
    await new Promise((resolve) => counting.close(resolve));
  }
}

describe('the sockets to a server', () => {
  test('never outnumber calls in flight, are reused, and are shared by its models', async () => {
    const { total, peak } = await socketsUsed(40);
    expect(peak).toBeLessThanOrEqual(40);
    expect(total).toBe(peak);
  });

  test('never outnumber maxSockets: further calls wait', async () => {
    expect(await socketsUsed(40, 7)).toEqual({ total: 7, peak: 7 });
  });

  test('closed by the server while idle are replaced without an error', async () => {
    let closed = () => {};
    const raw = await startRawServer((socket) => {
      socket.on('close', () => closed());
      socket.write(httpAnswer(JSON.stringify(completion('hi'))), () => socket.end());
    });
    server = raw;
    const model = openaiCompatible('tiny', { baseUrl: raw.baseUrl });
    for (let call = 0; call < 5; call++) {
      const gone = new Promise<void>((resolve) => {
        closed = resolve;
      });
      expect(await model.generate(REQUEST)).toMatchObject({ text: 'hi' });
      await gone;
    }
    expect(raw.connections).toBe(5);
  });

  test('that break after a request was sent cause an error: a paid call is never silently sent twice', async () => {
    const raw = await startRawServer((socket, number) => {
      if (number === 1) socket.write(httpAnswer(JSON.stringify(completion('hi'))));
      else socket.resetAndDestroy();
    });
    server = raw;
    const model = openaiCompatible('tiny', { baseUrl: raw.baseUrl });
    await model.generate(REQUEST);
    const error = await model.generate(REQUEST).catch((reason: ModelCallError) => reason);
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect((error as ModelCallError).message).toMatch(/connection was lost/);
    expect(raw.seen).toHaveLength(2);
    expect(raw.connections).toBe(1);
  });

  test('are closed by an abort and by a timeout', async () => {
    let closed = () => {};
    const gone = () =>
      new Promise<void>((resolve) => {
        closed = resolve;
      });
    const stop = new AbortController();
    const raw = await startRawServer((socket, number) => {
      socket.on('close', () => closed());
      if (number === 1) stop.abort(new Error('enough'));
    });
    server = raw;
    const patient = openaiCompatible('tiny', { baseUrl: raw.baseUrl });
    let end = gone();
    await expect(patient.generate(REQUEST, { signal: stop.signal })).rejects.toThrow('enough');
    await end;
    end = gone();
    const impatient = openaiCompatible('tiny', { baseUrl: raw.baseUrl, timeoutMs: 500 });
    await expect(impatient.generate(REQUEST)).rejects.toThrow(/in time/);
    await end;
    expect(raw.connections).toBe(2);
  });

  test('do not keep the process alive', async () => {
    server = await startChatServer();
    const program = fileURLToPath(new URL('fixtures/one-call.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, server.baseUrl], {
      timeout: 60_000,
    });
    expect(stdout).toBe('Reply to: Hello!\n');
  });

  test('use the proxy from the environment if Node’s own do', async () => {
    const seen: string[] = [];
    const target = await startChatServer();
    server = target;
    const proxy = createServer();
    proxy.on('connect', async (request, socket) => {
      seen.push(request.url!);
      const { connect } = await import('node:net');
      const onward = connect(Number(new URL(target.baseUrl).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const program = fileURLToPath(new URL('fixtures/one-call.ts', import.meta.url));
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [program, 'http://models.example.invalid/v1'],
        {
          timeout: 60_000,
          env: {
            ...process.env,
            NODE_USE_ENV_PROXY: '1',
            HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
          },
        },
      );
      expect(stdout).toBe('Reply to: Hello!\n');
      expect(seen).toEqual(['models.example.invalid:80']);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});
