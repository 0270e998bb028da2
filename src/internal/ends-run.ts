import { AloeError, type AloeErrorCode, ModelCallError } from '../errors.ts';

/** No valid key, no credit, no such model. */
const CONFIGURATION_STATUS = new Set([401, 402, 403, 404]);

/** Failures of a single reply. The next one may be fine. */
const OF_ONE_REPLY: ReadonlySet<AloeErrorCode> = new Set(['malformed-reply', 'content-filter']);

/**
 * Whether every other call would fail in the same way, so that the run should stop: no key, no quota, a missing package,
 * no such model, no server, a server that has moved or was away for too long, a full disk. Other failures affect only the
 * conversation they happen in.
 */
export function endsRun(error: unknown): boolean {
  if (ModelCallError.isInstance(error)) {
    const { status, retryable, cause } = error;
    if (!retryable && ModelCallError.isInstance(cause) && cause.retryable) return true;
    if (status === undefined) return retryable;
    const redirected = status >= 300 && status < 400;
    return CONFIGURATION_STATUS.has(status) || redirected || (status === 429 && !retryable);
  }
  return AloeError.isInstance(error) && !OF_ONE_REPLY.has(error.code);
}
