import { AloeError, type AloeErrorCode, ModelCallError } from '../errors.ts';

/** No key, no money, no such model. */
const CONFIGURATION_STATUS = new Set([401, 402, 403, 404]);

/** What another reply need not meet. */
const OF_ONE_REPLY: ReadonlySet<AloeErrorCode> = new Set(['malformed-reply', 'content-filter']);

/**
 * Whether a failure would meet every other call as well (no key, no quota, no package, no such model, no server, a server
 * that has moved, no disk), so that going on makes no sense. Anything else belongs to the one conversation it happened in.
 */
export function endsRun(error: unknown): boolean {
  if (ModelCallError.isInstance(error)) {
    const { status, retryable } = error;
    if (status === undefined) return retryable;
    const redirected = status >= 300 && status < 400;
    return CONFIGURATION_STATUS.has(status) || redirected || (status === 429 && !retryable);
  }
  return AloeError.isInstance(error) && !OF_ONE_REPLY.has(error.code);
}
