import { hostname } from 'node:os';
import { VERSION } from '../internal/version.ts';
import {
  type Progress,
  type ProgressEvent,
  type ProgressOptions,
  trackProgress,
} from '../progress/progress.ts';
import type { Run } from '../runs/run.ts';
import type { Spending } from '../runs/spending/ledger.ts';
import type { ModelTraffic, RunSettings, Steering } from '../runs/steering/steering.ts';
import { type FinishedWork, keepFinished } from './finished-work.ts';
import { type LevelSoFar, trackLevels } from './levels-so-far.ts';
import { type ModelActivity, NO_ACTIVITY, type SeenError, trackModels } from './model-activity.ts';

/** What a run is doing, at one moment. */
export interface LiveState {
  /** Name and version of the format. */
  readonly schema: 'aloe-live/1';
  /** The run directory, as the process that has it open was given it, or the address of a run in a database. */
  readonly run: string;
  readonly pid: number;
  readonly host: string;
  /** Of aloe-align. */
  readonly version: string;
  /** ISO 8601, in UTC, like all times here. */
  readonly at: string;
  /** When the process opened the run. */
  readonly since: string;
  /** When the run was paused, or null if it is not. */
  readonly pausedSince: string | null;
  /** What the command is doing: `conversations`, for example. Empty if nobody says. */
  readonly stage: string;
  readonly progress: Progress;
  /** Of all processes of the run so far. */
  readonly spending: Spending;
  readonly settings: RunSettings;
  readonly models: readonly (ModelActivity & Omit<ModelTraffic, 'model'>)[];
  readonly levels: readonly LevelSoFar[];
  /** Number of conversations and cases that were finished, for those who ask for them. */
  readonly finished: number;
  /** The last errors of calls, newest first. */
  readonly errors: readonly SeenError[];
  /**
   * The processes that work on a run in a database, the first one first. The numbers above are then those of all of them, and
   * `pid` and `host` those of the first. Left out for a run in a directory.
   */
  readonly processes?: readonly LiveProcess[] | undefined;
}

/** One of several processes that work on a run. */
export interface LiveProcess {
  readonly pid: number;
  readonly host: string;
  /** When it opened the run. */
  readonly since: string;
  /** When it reported last. It does so every 2.5 seconds. */
  readonly seen: string;
  readonly concurrency: number;
  readonly inFlight: number;
  /** Calls that a model answered, since the process opened the run. */
  readonly calls: number;
  /** Why it could not do what it was told to. Null if it could. */
  readonly problem: string | null;
}

/** Follows a run by its events. */
export interface LiveRun {
  /** Takes an event of the run, a builder or an evaluator. */
  take(event: ProgressEvent): void;
  /** What the run is doing now. */
  state(run: SteeredRun, stage: string): LiveState;
  /** The last conversations and cases that were finished after the first `count` ones. */
  finished(count: number): FinishedWork;
}

/** A run that can be steered. */
export type SteeredRun = Run & { readonly steering: Steering };

/** Begins to follow a run. */
export function followRun(options: ProgressOptions): LiveRun {
  const track = trackProgress(options);
  const models = trackModels();
  const levels = trackLevels();
  const finished = keepFinished();
  const since = new Date().toISOString();
  return {
    take(event) {
      track(event);
      if ('model' in event) models.take(event);
      levels.take(event);
      finished.take(event);
    },
    state(run, stage) {
      const { traffic, settings, pausedSince } = run.steering;
      const activity = new Map(models.models().map((own) => [own.model, own]));
      return {
        schema: 'aloe-live/1',
        run: run.dir ?? run.shared?.name ?? '',
        pid: process.pid,
        host: hostname(),
        version: VERSION,
        at: new Date().toISOString(),
        since,
        pausedSince: pausedSince?.toISOString() ?? null,
        stage,
        progress: track(),
        spending: run.stats().spending,
        settings,
        models: traffic.map((own) => ({ ...NO_ACTIVITY, ...activity.get(own.model), ...own })),
        levels: levels.levels(),
        finished: finished.count,
        errors: models.errors(),
      };
    },
    finished: (count) => finished.after(count),
  };
}
