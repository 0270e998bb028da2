import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

export interface ConnectionPoolOptions {
  /** Upper bound of sockets to the server; further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
  /** How long a connection may take to stand, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
}

/** Above any usual number of calls in flight, which is what really bounds sockets, and below what systems let a process open. */
export const DEFAULT_MAX_SOCKETS = 1_024;

/**
 * A call is a POST that costs money and must not be sent twice in silence, so a socket that the far end may be about to close
 * is not used again: servers for models keep an idle one for 5 s or more (uvicorn, Node), and one that announces
 * less is believed, less a margin for the way there.
 */
const IDLE = {
  keepAliveTimeout: 4_000,
  keepAliveTimeoutThreshold: 2_000,
  keepAliveMaxTimeout: 30_000,
} as const;

const pools = new Map<string, Dispatcher>();

/**
 * The pool of connections to an origin. All models of one server share it: no more sockets than calls in
 * flight. A socket is opened when a call finds none free; an idle one closes after 4 s and does not keep the process
 * alive. Proxies of the environment are used where Node's own are: with `NODE_USE_ENV_PROXY=1`.
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
