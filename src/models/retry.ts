import { ModelCallError } from '../errors.ts';
import { duration } from '../internal/format.ts';
import { checkNumber } from '../internal/options.ts';
import { sleep } from '../internal/sleep.ts';
import type { CallOptions, ChatModel } from './chat-model.ts';

/** Options of {@link retry}. */
export interface RetryOptions {
  /** Retries per call on transient errors; a server outage does not use them up. Default 6. */
  readonly retries?: number | undefined;
  /** First wait in milliseconds. Doubles with each retry, up to one minute, with full jitter. Default 1,000. */
  readonly baseDelayMs?: number | undefined;
  /** Time after the start of a call within which a retry may begin, in milliseconds. Default 1,800,000 (half an hour). */
  readonly deadlineMs?: number | undefined;
  /** Called before each retry with the error, the wait in milliseconds, and the options of the call. */
  readonly onRetry?: ((error: ModelCallError, waitMs: number, options: CallOptions) => void) | undefined;
}

const MAX_DELAY_MS = 60_000;

/** Almost 25 days. A longer timer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The request itself is wrong or not allowed. It would fail again, even if the provider calls the error retryable. */
const NEVER_RETRIED: ReadonlySet<number | undefined> = new Set([400, 401, 403, 404, 422]);

/** Bad gateway, service unavailable, gateway timeout, and 529, which some services send when overloaded. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504, 529]);

/**
 * Retries calls on transient errors: no connection, no answer in time, 408, 409, 425, 429, 5xx. If the server asks for a
 * wait (Retry-After), it is honoured, however long. If it is longer than `deadlineMs`, the call fails at once
 * with an error that is not retryable: after a 429 that means a used-up quota, which ends a run.
 *
 * An outage does not use up `retries`. If a model has answered before and now answers no call at all, calls are retried
 * until `deadlineMs`, with waits of their own at least. A server that has never answered fails after `retries`, since the address may be wrong.
 *
 * A run retries by itself; use this for a model outside a run.
 *
 * @example
 * ```ts
 * import { retry } from 'aloe-align/models';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const model = retry(openai('gpt-4o'), { retries: 3 });
 * ```
 *
 * @throws InvalidOptionError if an option is out of range.
 */
export function retry(model: ChatModel, options: RetryOptions = {}): ChatModel {
  const { retries, baseDelayMs, deadlineMs } = checkRetryOptions(options);
  /** Answers to any call of this model. While none arrives, the server is down, rather than a single call failing. */
  let answers = 0;
  return {
    id: model.id,
    server: model.server,
    async generate(request, callOptions = {}) {
      const start = performance.now();
      let spent = 0;
      let answersBefore = Number.NaN;
      for (let failures = 0; ; failures++) {
        try {
          const response = await model.generate(request, callOptions);
          answers += 1;
          return response;
        } catch (error) {
          if (!ModelCallError.isInstance(error) || !mayPass(error)) throw error;
          const { retryAfterMs } = error;
          if ((retryAfterMs ?? 0) > deadlineMs) throw tooLate(model.id, error);
          const backoffMs = Math.random() * Math.min(MAX_DELAY_MS, baseDelayMs * 2 ** failures);
          const isOutage = isAway(error) && answers > 0 && answers === answersBefore;
          // Retries in an outage are not counted, so no server may shorten their waits.
          const requestedMs = isOutage ? Math.max(retryAfterMs ?? 0, backoffMs) : (retryAfterMs ?? backoffMs);
          const waitMs = Math.min(requestedMs, MAX_TIMER_MS);
          if (!isOutage) spent += 1;
          answersBefore = answers;
          if (spent > retries || performance.now() - start + waitMs > deadlineMs) throw error;
          options.onRetry?.(error, waitMs, callOptions);
          await sleep(waitMs, callOptions.signal);
        }
      }
    },
  };
}

/** No connection, no answer in time, or a server that reports being down or overloaded. */
function isAway({ status }: ModelCallError): boolean {
  return status === undefined || AWAY.has(status);
}

function mayPass({ retryable, status }: ModelCallError): boolean {
  return retryable && !NEVER_RETRIED.has(status);
}

function tooLate(modelId: string, error: ModelCallError): ModelCallError {
  const { status, retryAfterMs = 0 } = error;
  return new ModelCallError(
    modelId,
    `the server asked for a wait of ${duration(retryAfterMs)}, which is longer than deadlineMs.`,
    {
      status,
      retryable: false,
      retryAfterMs,
      hint: 'Run the program again after that time, or raise deadlineMs.',
      cause: error,
    },
  );
}

/** Fills in defaults. @throws InvalidOptionError if an option is out of range. */
export function checkRetryOptions({
  retries = 6,
  baseDelayMs = 1_000,
  deadlineMs = 1_800_000,
}: RetryOptions): {
  readonly retries: number;
  readonly baseDelayMs: number;
  readonly deadlineMs: number;
} {
  return {
    retries: checkNumber('retries', retries, { min: 0, integer: true }),
    baseDelayMs: checkNumber('baseDelayMs', baseDelayMs, { min: 0 }),
    deadlineMs: checkNumber('deadlineMs', deadlineMs, { min: 0 }),
  };
}
