import type { TrainingJob } from './job/training-job.ts';

/** The last four are final. `lost`: the engine does not know the job, and it left no exit status. */
export type TrainingState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';

/** The current status of a job. */
export interface TrainingStatus {
  /** An unknown state of the engine counts as `running`. */
  readonly state: TrainingState;
  /** Null if the job has not exited, or the engine does not report one. */
  readonly exitCode: number | null;
  /** Why the job waits or failed, in the engine's words. Null if unknown. */
  readonly reason: string | null;
}

/** A submitted job as plain data. Save it, and any process can pick the job up later with the same backend. */
export interface TrainingHandle {
  /** Format and version of this object. */
  readonly schema: 'aloe-training-handle/1';
  /** The backend's name. */
  readonly backend: string;
  /** The engine's id of the job. */
  readonly id: string;
  /** The job's name, and the hash of its content. */
  readonly job: { readonly name: string; readonly id: string };
  /** When it was submitted, ISO 8601. */
  readonly submittedAt: string;
  /** What the backend needs to find the job again, such as its directory or server. Never contains secrets. */
  readonly location: Readonly<Record<string, string>>;
}

/** A piece of a job's log. */
export interface TrainingLogs {
  /** The new output. Empty if there is none. */
  readonly text: string;
  /** Pass it to the next call to get what follows. */
  readonly cursor: string;
}

/** One logged step, with the trainer's own metric names (`loss`, `rewards/margins`, `rewards/accuracies`). */
export interface TrainingMetric {
  /** Name of the stage, such as `sft`. */
  readonly stage: string;
  /** Optimizer step within the stage. */
  readonly step: number;
  /** Numbers by metric name. */
  readonly values: Readonly<Record<string, number>>;
}

/** One file of a result, or a hosted model. */
export interface TrainingArtifact {
  /** Relative to the job's directory, or the engine's name for it. */
  readonly path: string;
  /** Where it is: a path on this machine or a shared file system, a URL, or a hosted model's name. */
  readonly location: string;
  /** Size. Null if unknown. */
  readonly bytes: number | null;
  /** In hex. Null if the file cannot be read from here. */
  readonly sha256: string | null;
}

/** What `submit` would do. */
export interface TrainingPreview {
  /** Commands or requests, in order, without secrets. */
  readonly actions: readonly string[];
  /** Contents of the text files that would be written or sent, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Result of one check. */
export interface Finding {
  /** What was checked: `python`, `gpus`, `data of sft`. */
  readonly check: string;
  /** `error`: the job would fail. `warning`: it can run. */
  readonly level: 'ok' | 'warning' | 'error';
  /** What was found. */
  readonly message: string;
  /** How to fix it. Null if nothing is wrong. */
  readonly remedy: string | null;
}

/** Options of every call to a {@link TrainingBackend}. */
export interface BackendCallOptions {
  /** Stops the call, not the job. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The contract of a training backend. A job is identified by its content. Submitting one that is queued, running or
 * done returns its handle: nothing is trained or paid for twice.
 *
 * Every call throws the signal's reason when aborted, and a `TrainingError` when the engine refuses or cannot be reached.
 * Calls with a handle throw `InvalidOptionError` for one that is not this backend's.
 */
export interface TrainingBackend {
  /** Names the backend in handles and errors. */
  readonly name: string;
  /** Starts the job, unless it is there already. @throws InvalidOptionError for a job the engine cannot run. */
  submit(job: TrainingJob, options?: BackendCallOptions): Promise<TrainingHandle>;
  /** Shows what `submit` would do. Nothing is written or sent. */
  preview(job: TrainingJob, options?: BackendCallOptions): Promise<TrainingPreview>;
  /** Where the job stands. */
  status(handle: TrainingHandle, options?: BackendCallOptions): Promise<TrainingStatus>;
  /** Log output after the cursor, or from the start. */
  logs(handle: TrainingHandle, cursor?: string, options?: BackendCallOptions): Promise<TrainingLogs>;
  /** All steps logged so far, in order. Empty if the engine reports none. */
  metrics(handle: TrainingHandle, options?: BackendCallOptions): Promise<readonly TrainingMetric[]>;
  /** Resolves when the engine has accepted the request. A job that has ended is left as it is. */
  cancel(handle: TrainingHandle, options?: BackendCallOptions): Promise<void>;
  /** The result. Empty until the job has succeeded. */
  artifacts(handle: TrainingHandle, options?: BackendCallOptions): Promise<readonly TrainingArtifact[]>;
  /** Checks whether this engine can run this job, before anything is spent. */
  check(job: TrainingJob, options?: BackendCallOptions): Promise<readonly Finding[]>;
}
