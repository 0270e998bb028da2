import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

/** Limits of a connection pool. */
export interface ConnectionPoolOptions {
  /** Maximum number of sockets to the server. Further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
  /** Time limit for opening a connection, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
}

/** Above the usual number of calls in flight, which is the real limit, and below the number of files a process may open. */
export const DEFAULT_MAX_SOCKETS = 1_024;

/**
 * A call is a POST that costs money and must not be silently sent twice. So a socket is not reused if the server may be
 * about to close it. Model servers keep idle sockets for at least 5 s (uvicorn, Node). If a server announces a shorter
 * time, the socket is closed that much earlier, less a margin for latency.
 */
const IDLE = {
  keepAliveTimeout: 4_000,
  keepAliveTimeoutThreshold: 2_000,
  keepAliveMaxTimeout: 30_000,
} as const;

const pools = new Map<string, Dispatcher>();

/**
 * Returns the connection pool of an origin, which all models on that server share. A socket is opened only if none is
 * free, so there are never more sockets than calls in flight. Idle sockets close after 4 s and do not keep the process
 * alive. Proxies from the environment are used if `NODE_USE_ENV_PROXY=1`, as in Node itself.
 */
export function connectionPool(origin: string, options: ConnectionPoolOptions = {}): Dispatcher {
  const { maxSockets = DEFAULT_MAX_SOCKETS, connectTimeoutMs = 10_000 } = options;
  const key = JSON.stringify([origin, maxSockets, connectTimeoutMs]);
  let pool = pools.get(key);
  if (pool === undefined) {
    const settings = { ...IDLE, connections: maxSockets, connect: { timeout: connectTimeoutMs } };
    pool =
      process.env.NODE_USE_ENV_PROXY === '1' ? new EnvHttpProxyAgent(settings) : new Pool(origin, settings);
    pools.set(key, pool);
  }
  return pool;
}
