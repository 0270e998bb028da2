import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A real server on this machine; `fault`, while it is set, answers in the place of the engine. */
export interface EngineServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  fault: Handler | undefined;
  close(): Promise<void>;
}

export async function startServer(handle: Handler): Promise<EngineServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming).catch(() => Buffer.alloc(0));
    const url = new URL(incoming.url ?? '/', 'http://server');
    const request: SeenRequest = { method: incoming.method ?? '', url, headers: incoming.headers, body };
    seen.push(request);
    await (engine.fault ?? handle)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const engine: EngineServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    fault: undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return engine;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export function sendText(response: ServerResponse, body: string, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(body);
}
