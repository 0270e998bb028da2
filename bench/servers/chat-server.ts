import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pinToCore } from '../pin-to-core.ts';

/** How one request is answered. */
export interface Plan {
  /** 0 to end the connection without an answer. */
  readonly status: number;
  readonly latencyMs: number;
  /** What the model says. Default: 1.3 KB, always the same. */
  readonly reply?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Counts since the server started; `open` and `inFlight` are current. */
export interface ServerCounts {
  requests: number;
  refused: number;
  /** Sum of the latencies of all requests, in milliseconds. */
  latencyMs: number;
  inFlight: number;
  mostInFlight: number;
  sockets: number;
  openSockets: number;
  mostOpenSockets: number;
}

const USUAL_ANSWER = completion('All work and no play makes a long reply. '.repeat(32));
const REFUSAL = JSON.stringify({ error: { message: 'slow down' } });

/**
 * A chat-completions server on 127.0.0.1 that answers each POST as planned, on the first core. It reports its counts to
 * its parent process, and exits with it, or after ten minutes.
 */
export function serveChat(plan: (body: string, counts: ServerCounts) => Plan): void {
  pinToCore(0);
  const counts: ServerCounts = {
    requests: 0,
    refused: 0,
    latencyMs: 0,
    inFlight: 0,
    mostInFlight: 0,
    sockets: 0,
    openSockets: 0,
    mostOpenSockets: 0,
  };

  function answer(body: string, response: ServerResponse): void {
    counts.requests += 1;
    const { status, latencyMs, headers = {}, reply } = plan(body, counts);
    counts.latencyMs += latencyMs;
    counts.inFlight += 1;
    counts.mostInFlight = Math.max(counts.mostInFlight, counts.inFlight);
    if (status !== 200) counts.refused += 1;
    const usual = reply === undefined ? USUAL_ANSWER : completion(reply);
    const finish = () => {
      counts.inFlight -= 1;
      if (status === 0) {
        response.destroy();
        return;
      }
      send(response, status, headers, status === 200 ? usual : REFUSAL);
    };
    if (latencyMs > 0) setTimeout(finish, latencyMs);
    else finish();
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    // Parsed by hand, so that the server is not the bottleneck of the fastest contender.
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(Buffer.concat(chunks).toString(), response));
    request.on('error', () => response.destroy());
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
  process.on('message', () => process.send?.(counts));
  process.on('disconnect', () => process.exit());
  setTimeout(() => process.exit(), 600_000).unref();
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  content: string,
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
    ...headers,
  });
  response.end(content);
}

function completion(content: string): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: 'bench',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 1_000, completion_tokens: 320, total_tokens: 1_320 },
  });
}
