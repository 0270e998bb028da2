import { ModelCallError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';
import { sleep } from '../internal/sleep.ts';
import type { CallOptions, ChatModel } from './chat-model.ts';

export interface RetryOptions {
  /** How often a call is sent again after its first failure. Default 5. */
  readonly retries?: number | undefined;
  /** First wait in milliseconds; doubles each time, up to a minute, with full jitter. Default 1,000. */
  readonly baseDelayMs?: number | undefined;
  readonly onRetry?: ((error: ModelCallError, waitMs: number, options: CallOptions) => void) | undefined;
}

const MAX_DELAY_MS = 60_000;

/** 24 days; a timer that is set to more fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Sends a call again when the failure may pass: no connection, 408, 409, 429, 5xx. A wait that the server names
 * (Retry-After) is kept to, however long.
 */
export function retry(model: ChatModel, options: RetryOptions = {}): ChatModel {
  const { retries, baseDelayMs } = checkRetryOptions(options);
  return {
    id: model.id,
    async generate(request, callOptions = {}) {
      for (let failures = 0; ; failures++) {
        try {
          return await model.generate(request, callOptions);
        } catch (error) {
          if (!ModelCallError.isInstance(error) || !error.retryable || failures >= retries) throw error;
          const backoffMs = Math.random() * Math.min(MAX_DELAY_MS, baseDelayMs * 2 ** failures);
          const waitMs = Math.min(error.retryAfterMs ?? backoffMs, MAX_TIMER_MS);
          options.onRetry?.(error, waitMs, callOptions);
          await sleep(waitMs, callOptions.signal);
        }
      }
    },
  };
}

/** The options with their defaults. @throws InvalidOptionError */
export function checkRetryOptions({ retries = 5, baseDelayMs = 1_000 }: RetryOptions): {
  readonly retries: number;
  readonly baseDelayMs: number;
} {
  return {
    retries: checkNumber('retries', retries, { min: 0, integer: true }),
    baseDelayMs: checkNumber('baseDelayMs', baseDelayMs, { min: 0 }),
  };
}
