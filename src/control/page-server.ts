import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidOptionError } from '../errors.ts';
import type { FinishedWork } from './finished-work.ts';
import { LIVE_POLICY, renderLivePage } from './live-page.ts';
import { type LivePieces, toLivePiece } from './live-pieces.ts';
import type { LiveState } from './live-state.ts';

/** What the page shows. */
export interface LiveSource {
  state(): LiveState | Promise<LiveState>;
  finished(after: number): FinishedWork | Promise<FinishedWork>;
}

/** A page that is being served. */
export interface LivePageServer {
  /** With the token that lets in whoever has it. */
  readonly url: string;
  close(): void;
}

/** A page of another site may send requests here, also by a name that it lets point to this machine. */
const OWN_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': LIVE_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/**
 * Serves the live page of a run on the loopback interface, to whoever has the random token in its address. It can be read
 * and nothing else. It does not keep the process alive.
 *
 * @param port Default 0: any that is free.
 * @param option What the caller calls it.
 * @throws InvalidOptionError if the port is taken.
 */
export async function servePage(
  run: string,
  source: LiveSource,
  port = 0,
  option = 'port',
): Promise<LivePageServer> {
  const token = randomBytes(24).toString('base64url');
  const page = renderLivePage(run);
  const server = createServer((request, response) => {
    answer(request, token, page, source).then(
      (reply) => send(response, reply),
      () => send(response, { status: 503, type: 'text/plain', body: 'The run has ended.' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new InvalidOptionError(option, `a free port (${cause.message})`, port, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const NOT_FOUND: Reply = { status: 404, type: 'text/plain', body: 'Not found.' };

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  token: string,
  page: string,
  source: LiveSource,
): Promise<Reply> {
  const site = headers['sec-fetch-site'];
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isForeign || !isOwnHost(headers.host)) return { ...NOT_FOUND, status: 403, body: 'Not from here.' };
  if (method !== 'GET' && method !== 'HEAD') {
    return { ...NOT_FOUND, status: 405, body: 'This page can only be read.' };
  }
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const [, given = '', name = '', ...rest] = pathname.split('/');
  if (!isSame(given, token) || rest.length > 0) return NOT_FOUND;
  switch (name) {
    case '':
      return { status: 200, type: 'text/html', body: page };
    case 'state':
      return inJson(await source.state());
    case 'finished': {
      const after = Number(searchParams.get('after') ?? 0);
      if (!Number.isSafeInteger(after) || after < 0) return NOT_FOUND;
      const { pieces, next } = await source.finished(after);
      return inJson({ pieces: pieces.map(toLivePiece), next } satisfies LivePieces);
    }
    default:
      return NOT_FOUND;
  }
}

function inJson(value: unknown): Reply {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

/** Whether the browser was told to come here, under any port: it may be forwarded from another machine. */
function isOwnHost(host: string | undefined): boolean {
  return host !== undefined && OWN_HOSTS.has(host.replace(/:\d{1,5}$/, ''));
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
  // Node leaves the body of an answer to HEAD out.
  response.end(body);
}
