import { type ConnectionPoolOptions, connectionPool } from './connection-pool.ts';
import { checkJsonDepth } from './json-depth.ts';
import { sendRequest } from './send-request.ts';
import { TransportError } from './transport-error.ts';

export interface PooledFetchOptions extends ConnectionPoolOptions {
  /** Upper bound of an answer, in bytes. Default 16 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** As much of `fetch` as a client of a JSON API uses: the body is a text, and the answer is read whole. */
export type PooledFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` on the pool, for a package that takes one: the same sockets, sizes and depth as the fast path, and no
 * redirect is followed.
 */
export function pooledFetch(options: PooledFetchOptions = {}): PooledFetch {
  return async (url, init = {}) => {
    const { origin, pathname, search, username, password } = new URL(url instanceof Request ? url.url : url);
    if (username !== '' || password !== '') {
      throw new TransportError('unreachable', 'the URL contains credentials');
    }
    const { status, headers, text } = await sendRequest(connectionPool(origin, options), {
      origin,
      path: pathname + search,
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === 'string' ? init.body : null,
      signal: init.signal ?? undefined,
      maxResponseBytes: options.maxResponseBytes,
    });
    checkJsonDepth(text);
    return new Response(WITHOUT_BODY.has(status) ? null : text, { status, headers: asPairs(headers) });
  };
}

function asPairs(headers: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : Array.isArray(value)
        ? value.map((item): [string, string] => [name, item])
        : [[name, value]],
  );
}
