import { ModelCallError } from '../errors.ts';
import { duration } from '../internal/format.ts';
import { checkKnownOptions, number, type Scalars, wholeNumber } from '../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import { believedWaitMs, isFailure } from './asked-wait.ts';
import type { CallOptions, ChatModel } from './chat-model.ts';
import { type Clock, monotonicClock, sleepOn } from './pacing/clock.ts';
import { saysAway } from './pacing/outage.ts';
import { OUTAGES, type PacedModel } from './pacing/paced.ts';

/** Options of {@link retry}. */
export interface RetryOptions {
  /** Retries per call on transient errors; a server outage does not use them up. Default 6. */
  readonly retries?: number | undefined;
  /** First wait in milliseconds. Doubles with each retry, up to one minute, with full jitter. Default 1,000. */
  readonly baseDelayMs?: number | undefined;
  /**
   * Time after the start of a call within which a retry may begin, in milliseconds. Time in which the model cannot be reached
   * does not count. Default 1,800,000 (half an hour).
   */
  readonly deadlineMs?: number | undefined;
  /** Called before each retry with the error, the wait in milliseconds, and the options of the call. */
  readonly onRetry?: ((error: ModelCallError, waitMs: number, options: CallOptions) => void) | undefined;
}

/** The options of retries that a config file and the command line know. */
export const retryScalars: Scalars<Record<'retries' | 'deadlineMinutes', number>> = {
  retries: wholeNumber({ min: 0 }, 6, 'Retries per call on transient errors.'),
  deadlineMinutes: number(
    { min: 0 },
    30,
    'How long to wait for a model that cannot be reached or asks for a pause, in minutes. Then the run stops, and can be resumed.',
  ),
};

const MAX_DELAY_MS = 60_000;

/** Almost 25 days. A longer timer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The request itself is wrong or not allowed. It would fail again, even if the provider calls the error retryable. */
const NEVER_RETRIED: ReadonlySet<number | undefined> = new Set([400, 401, 403, 404, 422]);

/**
 * Retries calls on transient errors: no connection, no answer in time, 408, 409, 425, 429, 5xx.
 *
 * If the server asks for a wait (Retry-After), it is honoured. After a 429, which states a limit, a wait longer than
 * `deadlineMs` fails the call at once with an error that is not retryable and ends a run: the limit holds for all calls. After
 * a 5xx, at most a minute is waited, since a failing server does not know when it is back.
 *
 * An outage does not use up `retries`: while no call of a {@link paced} model is answered, its pacer holds the calls back and
 * sends one at a time until the model is back, or until the pacer's `maxPauseMs` is over.
 *
 * A run retries by itself; use this for a model outside a run.
 *
 * @example
 * ```ts
 * import { createPacer, paced, retry } from 'aloe-align/models';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const model = retry(paced(openai('gpt-4o'), createPacer()), { retries: 3 });
 * ```
 *
 * @throws InvalidOptionError if an option is unknown or out of range.
 */
export function retry(model: ChatModel, options: RetryOptions = {}): ChatModel {
  checkMethod('model', model, 'generate', 'a ChatModel');
  checkKnownOptions<RetryOptions>('retry()', options, {
    retries: true,
    baseDelayMs: true,
    deadlineMs: true,
    onRetry: true,
  });
  return retryWithClock(model, options, monotonicClock, Math.random);
}

/** Retries on a clock and with random numbers of the caller's choice. Used by tests. */
export function retryWithClock(
  model: ChatModel,
  options: RetryOptions,
  clock: Clock,
  random: () => number,
): ChatModel {
  const { retries, baseDelayMs, deadlineMs } = checkRetryOptions(options);
  const outages = (model as Partial<PacedModel>)[OUTAGES];
  /** Time in which the model could be reached. */
  const reachableMs = () => clock.now() - (outages?.awayMs ?? 0);

  return {
    id: model.id,
    server: model.server,
    async generate(request, callOptions = {}) {
      const start = reachableMs();
      let spent = 0;
      for (;;) {
        try {
          return await model.generate(request, callOptions);
        } catch (error) {
          if (!ModelCallError.isInstance(error) || !mayPass(error)) throw error;
          // The pacer holds the next attempt back until the model is back.
          if (saysAway(error) && outages?.isAway) continue;
          const { status } = error;
          const retryAfterMs = believedWaitMs(status, error.retryAfterMs);
          if ((retryAfterMs ?? 0) > deadlineMs && !isFailure(status)) throw tooLate(error);
          const backoffMs = random() * Math.min(MAX_DELAY_MS, baseDelayMs * 2 ** spent);
          const waitMs = Math.min(retryAfterMs ?? backoffMs, MAX_TIMER_MS);
          spent += 1;
          if (spent > retries || reachableMs() - start + waitMs > deadlineMs) throw error;
          options.onRetry?.(error, waitMs, callOptions);
          await sleepOn(clock, waitMs, callOptions.signal);
          // What looked like a failure of this call was the beginning of an outage.
          if (saysAway(error) && outages?.isAway) spent -= 1;
        }
      }
    },
  };
}

function mayPass({ retryable, status }: ModelCallError): boolean {
  return retryable && !NEVER_RETRIED.has(status);
}

function tooLate(error: ModelCallError): ModelCallError {
  const { modelId, status, retryAfterMs = 0 } = error;
  return new ModelCallError(
    modelId,
    `the server asked for a wait of ${duration(retryAfterMs)}, which is longer than deadlineMs.`,
    {
      status,
      retryable: false,
      retryAfterMs,
      hint: 'Run the program again after that time, or raise deadlineMs (on the command line: --deadline-minutes).',
      cause: error,
    },
  );
}

/** Fills in defaults. @throws InvalidOptionError if an option is out of range. */
export function checkRetryOptions({ retries, baseDelayMs = 1_000, deadlineMs = 1_800_000 }: RetryOptions): {
  readonly retries: number;
  readonly baseDelayMs: number;
  readonly deadlineMs: number;
} {
  return {
    retries: retryScalars.retries(retries, 'retries'),
    baseDelayMs: checkNumber('baseDelayMs', baseDelayMs, { min: 0 }),
    deadlineMs: checkNumber('deadlineMs', deadlineMs, { min: 0 }),
  };
}
