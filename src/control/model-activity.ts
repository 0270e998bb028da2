import { AloeError, ModelCallError } from '../errors.ts';
import { oneLine } from '../internal/format.ts';
import { recentRate } from '../progress/recent-rate.ts';
import { excerpt } from '../redact.ts';
import type { RunEvent } from '../runs/events.ts';

/** An error of a call, as it was when it happened. */
export interface SeenError {
  /** ISO 8601, in UTC. */
  readonly at: string;
  readonly model: string;
  readonly message: string;
  /** Whether the call was sent again, or waits until the model is back. Otherwise it failed for good. */
  readonly retried: boolean;
}

/** What happened to the calls of one model since the run was opened. */
export interface ModelActivity {
  readonly model: string;
  /** Calls that it answered. */
  readonly calls: number;
  /** Over the last 10 s. */
  readonly callsPerSecond: number;
  /** How often it refused a call because of a rate limit (429). */
  readonly refusals: number;
  /** How often a call was sent again, refusals included. */
  readonly retries: number;
  /** Calls that failed for good. */
  readonly failures: number;
  /** Why a call failed last, or why the model is away. */
  readonly lastError: SeenError | null;
}

/** Nothing has happened. */
export const NO_ACTIVITY: Omit<ModelActivity, 'model'> = {
  calls: 0,
  callsPerSecond: 0,
  refusals: 0,
  retries: 0,
  failures: 0,
  lastError: null,
};

const MAX_ERRORS = 10;
const MAX_MESSAGE = 300;

/** Counts the calls of each model, from the events of a run. */
export function trackModels(): {
  take(event: RunEvent): void;
  models(): ModelActivity[];
  /** The last errors, newest first. */
  errors(): readonly SeenError[];
} {
  const known = new Map<string, ReturnType<typeof trackModel>>();
  let errors: readonly SeenError[] = [];

  function of(model: string) {
    const found = known.get(model) ?? trackModel();
    known.set(model, found);
    return found;
  }

  function see(model: string, error: unknown, retried: boolean): SeenError {
    const words = error instanceof Error || AloeError.isInstance(error) ? error.message : String(error);
    const seen = {
      at: new Date().toISOString(),
      model,
      message: excerpt(oneLine(words), MAX_MESSAGE),
      retried,
    };
    errors = [seen, ...errors].slice(0, MAX_ERRORS);
    return seen;
  }

  return {
    take(event) {
      if (event.type === 'call-end' && !event.replayed) of(event.model).answered();
      else if (event.type === 'call-retry') {
        const { model, error } = event;
        of(model).retried(see(model, error, true), ModelCallError.isInstance(error) && error.status === 429);
      } else if (event.type === 'model-away') of(event.model).left(see(event.model, event.error, true));
      else if (event.type === 'call-error') of(event.model).failed(see(event.model, event.error, false));
    },
    models: () => [...known].map(([model, { now }]) => ({ model, ...now() })),
    errors: () => errors,
  };
}

function trackModel() {
  const recent = recentRate();
  const counts = { calls: 0, refusals: 0, retries: 0, failures: 0 };
  let lastError: SeenError | null = null;
  return {
    answered() {
      counts.calls += 1;
      recent.add(performance.now());
    },
    retried(error: SeenError, isRefusal: boolean) {
      counts.retries += 1;
      if (isRefusal) counts.refusals += 1;
      lastError = error;
    },
    left(error: SeenError) {
      lastError = error;
    },
    failed(error: SeenError) {
      counts.failures += 1;
      lastError = error;
    },
    now: () => ({ ...counts, callsPerSecond: recent.perSecond(performance.now()), lastError }),
  };
}
