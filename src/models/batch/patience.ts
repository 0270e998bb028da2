import { ModelCallError } from '../../errors.ts';
import { sleep } from '../../internal/sleep.ts';
import type { BatchEvent } from './batch-events.ts';

/** A step of a batch that talks to the server. */
export type BatchStep = Extract<BatchEvent, { readonly type: 'batch-retry' }>['step'];

/** What is told of a retry. */
export type BatchRetry = Omit<Extract<BatchEvent, { readonly type: 'batch-retry' }>, 'type' | 'model'>;

/** Retries of a server that has never answered: its address may be wrong. */
const FIRST_RETRIES = 5;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 600_000;
/** A batch may take as long. */
const DEADLINE_MS = 24 * 3_600_000;

/**
 * Returns a function that does a step, and does it again on transient errors. Batches run on while their server cannot be
 * asked about them, so it waits up to a day. A server that has never answered fails after some seconds.
 */
export function patience(
  pollMs: number,
  onRetry: (retry: BatchRetry) => void,
): <Value>(step: BatchStep, action: () => Promise<Value>, signal: AbortSignal) => Promise<Value> {
  let hasAnswered = false;
  return async (step, action, signal) => {
    const start = performance.now();
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      try {
        const value = await action();
        hasAnswered = true;
        return value;
      } catch (error) {
        signal.throwIfAborted();
        if (!ModelCallError.isInstance(error)) throw error;
        if (error.status !== undefined) hasAnswered = true;
        const firstWaitMs = Math.min(pollMs, FIRST_WAIT_MS);
        const waitMs = error.retryAfterMs ?? Math.min(firstWaitMs * 2 ** failures, MAX_WAIT_MS);
        const isTooLate = performance.now() - start + waitMs > DEADLINE_MS;
        if (!error.retryable || isTooLate || (!hasAnswered && failures >= FIRST_RETRIES)) throw error;
        onRetry({ step, error, waitMs });
        await sleep(waitMs, signal);
      }
    }
  };
}
