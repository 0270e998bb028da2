import { type ConnectionPoolOptions, connectionPool } from './connection-pool.ts';
import { checkJsonDepth, shallowStart } from './json-depth.ts';
import { sendRequest } from './send-request.ts';
import { TransportError } from './transport-error.ts';

/** Options of {@link pooledFetch}. */
export interface PooledFetchOptions extends ConnectionPoolOptions {
  /** Maximum size of a response, in bytes. Default 16 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** The part of `fetch` that a JSON API client uses: the body is a string, and the response is read completely. */
export type PooledFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` for packages that accept one. It shares the connection pool and its limits on size and depth, and does not
 * follow redirects.
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
    // An error keeps its status, by which it is retried or not.
    if (status < 300) checkJsonDepth(text);
    const body = status < 300 ? text : shallowStart(text);
    return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers: asPairs(headers) });
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
