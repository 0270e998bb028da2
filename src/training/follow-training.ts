import { AloeError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';
import { sleep } from '../internal/sleep.ts';
import type {
  TrainingBackend,
  TrainingHandle,
  TrainingMetric,
  TrainingState,
  TrainingStatus,
} from './training-backend.ts';

/** What {@link followTraining} reports. */
export type TrainingEvent =
  /** The first event, and every change of the status. The last event of all is a final state. */
  | { readonly type: 'state-changed'; readonly status: TrainingStatus }
  /** New output. */
  | { readonly type: 'log-written'; readonly text: string }
  /** A step that the trainer logged. */
  | { readonly type: 'metric-logged'; readonly metric: TrainingMetric }
  /** The engine did not answer. It will be asked again. */
  | { readonly type: 'poll-failed'; readonly error: unknown };

/** Options of {@link followTraining}. */
export interface FollowTrainingOptions {
  /** Called with each event before it is yielded. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Time between two polls, in milliseconds. Default 5,000. */
  readonly pollMs?: number | undefined;
  /** Give up when the engine has not answered for this long, in milliseconds. Default 300,000. */
  readonly patienceMs?: number | undefined;
  /** Skip the log up to this cursor, from an earlier `logs()` call. Default: start at the beginning. */
  readonly cursor?: string | undefined;
  /** Stops following. The job goes on. */
  readonly signal?: AbortSignal | undefined;
}

const FINAL: readonly TrainingState[] = ['succeeded', 'failed', 'cancelled', 'lost'];

/** Whether a job has ended. */
export function isFinal({ state }: TrainingStatus): boolean {
  return FINAL.includes(state);
}

/**
 * Follows a job to its end: state changes, log output and metrics, as they happen. Leaving the loop or aborting does
 * not affect the job, and any process can follow it again.
 *
 * @throws InvalidOptionError for an invalid `pollMs` or `patienceMs`; the engine's last error once `patienceMs` is over;
 * the signal's reason when aborted.
 * @example
 * ```ts
 * import { followTraining } from 'aloe-align/training';
 *
 * for await (const event of followTraining(backend, handle, { pollMs: 1_000 })) {
 *   if (event.type === 'state-changed') console.log(event.status.state);
 *   if (event.type === 'metric-logged') console.log(event.metric.step, event.metric.values.loss);
 * }
 * ```
 */
export async function* followTraining(
  backend: TrainingBackend,
  handle: TrainingHandle,
  options: FollowTrainingOptions = {},
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { onEvent, signal } = options;
  const pollMs = checkNumber('pollMs', options.pollMs ?? 5_000, { min: 0 });
  const patienceMs = checkNumber('patienceMs', options.patienceMs ?? 300_000, { min: 0 });
  const reported = new Set<string>();
  let cursor = options.cursor;
  let last = '';

  /** Asks the engine, again and again if need be: a busy queue or a lost network ends neither the job nor this loop. */
  async function* poll<Answer>(ask: () => Promise<Answer>): AsyncGenerator<TrainingEvent, Answer> {
    const start = performance.now();
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        signal?.throwIfAborted();
        if (!mayPass(error) || performance.now() - start >= patienceMs) throw error;
        yield { type: 'poll-failed', error };
      }
      await sleep(pollMs, signal);
    }
  }

  /** New log output and metrics. */
  async function* news(): AsyncGenerator<TrainingEvent> {
    for (;;) {
      const piece = yield* poll(() => backend.logs(handle, cursor, { signal }));
      cursor = piece.cursor;
      if (piece.text === '') break;
      yield { type: 'log-written', text: piece.text };
    }
    for (const metric of yield* poll(() => backend.metrics(handle, { signal }))) {
      const key = JSON.stringify(metric);
      if (reported.has(key)) continue;
      reported.add(key);
      yield { type: 'metric-logged', metric };
    }
  }

  async function* events(): AsyncGenerator<TrainingEvent> {
    for (;;) {
      signal?.throwIfAborted();
      const status = yield* poll(() => backend.status(handle, { signal }));
      const change: TrainingEvent = { type: 'state-changed', status };
      const key = JSON.stringify(status);
      // Report the rest of the output first: the final state is the last event.
      if (isFinal(status)) {
        yield* news();
        yield change;
        return;
      }
      if (key !== last) yield change;
      last = key;
      yield* news();
      await sleep(pollMs, signal);
    }
  }

  for await (const event of events()) {
    onEvent?.(event);
    yield event;
  }
}

/** Whether asking again may help: the engine failed, or the system could not connect or read. */
function mayPass(error: unknown): boolean {
  if (AloeError.isInstance(error)) return error.code === 'training-failed';
  if (!(error instanceof Error)) return false;
  // Errors of `fetch` carry the actual error as their cause.
  return [error, error.cause].some((one) => {
    const { code } = (one ?? {}) as { code?: unknown };
    return typeof code === 'string' && /^(?:E(?!RR_)|UND_ERR_)\w+$/.test(code);
  });
}
