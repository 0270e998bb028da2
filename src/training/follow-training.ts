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

export type TrainingEvent =
  /** The first event, and whenever it changed. A final one is the last event of all. */
  | { readonly type: 'state-change'; readonly status: TrainingStatus }
  /** What came out since. */
  | { readonly type: 'log-output'; readonly text: string }
  /** A step that a trainer logged. */
  | { readonly type: 'metric-logged'; readonly metric: TrainingMetric }
  /** The engine could not be asked; it is asked again. */
  | { readonly type: 'look-failed'; readonly error: unknown };

export interface FollowTrainingOptions {
  /** Called with each event before it is passed on. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Between two looks, in milliseconds. Default 5,000. */
  readonly pollMs?: number | undefined;
  /** How long the engine may not be reached before that ends the following, in milliseconds. Default 300,000. */
  readonly patienceMs?: number | undefined;
  /** Where the logs were left, to go on from there. Default: the start. */
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const FINAL: readonly TrainingState[] = ['succeeded', 'failed', 'cancelled', 'lost'];

/** Whether a job goes on no more. */
export function isFinal({ state }: TrainingStatus): boolean {
  return FINAL.includes(state);
}

/**
 * What happens to a job, from its start to its end, as it happens. Leaving the loop or aborting changes nothing for
 * the job; any process can follow it again.
 */
export async function* followTraining(
  backend: TrainingBackend,
  handle: TrainingHandle,
  options: FollowTrainingOptions = {},
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { onEvent, signal } = options;
  const pollMs = checkNumber('pollMs', options.pollMs ?? 5_000, { min: 0 });
  const patienceMs = checkNumber('patienceMs', options.patienceMs ?? 300_000, { min: 0 });
  const told = new Set<string>();
  let cursor = options.cursor;
  let last = '';

  /** The answer of the engine. A queue that hiccups or a network that is away does not end the job, nor this. */
  async function* look<Answer>(ask: () => Promise<Answer>): AsyncGenerator<TrainingEvent, Answer> {
    const start = performance.now();
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        signal?.throwIfAborted();
        if (!mayPass(error) || performance.now() - start >= patienceMs) throw error;
        yield { type: 'look-failed', error };
      }
      await sleep(pollMs, signal);
    }
  }

  /** Logs and metrics that are new. */
  async function* news(): AsyncGenerator<TrainingEvent> {
    for (;;) {
      const piece = yield* look(() => backend.logs(handle, cursor, { signal }));
      cursor = piece.cursor;
      if (piece.text === '') break;
      yield { type: 'log-output', text: piece.text };
    }
    for (const metric of yield* look(() => backend.metrics(handle, { signal }))) {
      const key = JSON.stringify(metric);
      if (told.has(key)) continue;
      told.add(key);
      yield { type: 'metric-logged', metric };
    }
  }

  async function* events(): AsyncGenerator<TrainingEvent> {
    for (;;) {
      signal?.throwIfAborted();
      const status = yield* look(() => backend.status(handle, { signal }));
      const change: TrainingEvent = { type: 'state-change', status };
      const key = JSON.stringify(status);
      // What a job said comes before its end, which is the last event.
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

/** Whether the same question may be answered later: an engine's failure, or the system's to connect or to read. */
function mayPass(error: unknown): boolean {
  if (AloeError.isInstance(error)) return error.code === 'training-failed';
  if (!(error instanceof Error)) return false;
  // Of `fetch`, the cause tells what happened.
  return [error, error.cause].some((one) => {
    const { code } = (one ?? {}) as { code?: unknown };
    return typeof code === 'string' && /^(?:E(?!RR_)|UND_ERR_)\w+$/.test(code);
  });
}
