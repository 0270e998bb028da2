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
  | { readonly type: 'metric-logged'; readonly metric: TrainingMetric };

export interface FollowTrainingOptions {
  /** Called with each event before it is passed on. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Between two looks, in milliseconds. Default 5,000. */
  readonly pollMs?: number | undefined;
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
  const told = new Set<string>();
  let cursor = options.cursor;
  let last = '';

  /** Logs and metrics that are new. */
  async function* news(): AsyncGenerator<TrainingEvent> {
    for (;;) {
      const piece = await backend.logs(handle, cursor, { signal });
      cursor = piece.cursor;
      if (piece.text === '') break;
      yield { type: 'log-output', text: piece.text };
    }
    for (const metric of await backend.metrics(handle, { signal })) {
      const key = JSON.stringify(metric);
      if (told.has(key)) continue;
      told.add(key);
      yield { type: 'metric-logged', metric };
    }
  }

  async function* events(): AsyncGenerator<TrainingEvent> {
    for (;;) {
      signal?.throwIfAborted();
      const status = await backend.status(handle, { signal });
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
