/**
 * Longest wait that a failing server can ask for, in milliseconds. Nobody knows when it is back: often the header is that of
 * a gateway, or a default. It is tried again after that, and the deadline of an outage decides how often.
 */
const MAX_WHILE_FAILING_MS = 60_000;

/** Whether a status says that the server has failed. A limit, which it knows, is told with 429. */
export function isFailure(status: number | undefined): boolean {
  return status !== undefined && status >= 500;
}

/** The wait that is believed of a server, in milliseconds. */
export function believedWaitMs(status: number | undefined, askedMs: number | undefined): number | undefined {
  return askedMs !== undefined && isFailure(status) ? Math.min(askedMs, MAX_WHILE_FAILING_MS) : askedMs;
}
