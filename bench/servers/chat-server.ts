import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How one request is answered. */
export interface Plan {
  readonly status: number;
  readonly latencyMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Counts since the server started; `open` and `inFlight` are those of now. */
export interface ServerCounts {
  requests: number;
  refused: number;
  inFlight: number;
  mostInFlight: number;
  sockets: number;
  openSockets: number;
  mostOpenSockets: number;
}

const REPLY = 'All work and no play makes a long reply. '.repeat(32);

/**
 * A chat-completions server on 127.0.0.1 that answers each POST as planned, and GET /counts with its counts. It ends
 * with the process that forked it, and after ten minutes in any case.
 */
export function serveChat(plan: (body: string, counts: ServerCounts) => Plan): void {
  const counts: ServerCounts = {
    requests: 0,
    refused: 0,
    inFlight: 0,
    mostInFlight: 0,
    sockets: 0,
    openSockets: 0,
    mostOpenSockets: 0,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.method === 'GET') {
      send(response, 200, {}, counts);
      return;
    }
    counts.requests += 1;
    const { status, latencyMs, headers = {} } = plan(body, counts);
    counts.inFlight += 1;
    counts.mostInFlight = Math.max(counts.mostInFlight, counts.inFlight);
    if (status !== 200) counts.refused += 1;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    counts.inFlight -= 1;
    send(response, status, headers, status === 200 ? completion() : { error: { message: 'slow down' } });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    counts.sockets += 1;
    counts.openSockets += 1;
    counts.mostOpenSockets = Math.max(counts.mostOpenSockets, counts.openSockets);
    socket.on('close', () => {
      counts.openSockets -= 1;
    });
  });
  server.listen(0, '127.0.0.1', 4_096, () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
  process.on('disconnect', () => process.exit());
  setTimeout(() => process.exit(), 600_000).unref();
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): void {
  const content = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
    ...headers,
  });
  response.end(content);
}

function completion(): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: 'bench',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: REPLY } }],
    usage: { prompt_tokens: 1_000, completion_tokens: 320, total_tokens: 1_320 },
  };
}
