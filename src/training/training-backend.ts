import type { TrainingJob } from './training-job.ts';

/** Where a job stands. The last four are final; `lost`: the engine knows nothing of it and no exit status was left. */
export type TrainingState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';

export interface TrainingStatus {
  readonly state: TrainingState;
  /** Of a job that ended by itself, where the engine tells. */
  readonly exitCode: number | null;
  /** The engine's own words: why it waits, why it failed. */
  readonly reason: string | null;
}

/** A submitted job as plain data: any process, on any day, can take it up again with the same backend. */
export interface TrainingHandle {
  readonly schema: 'aloe-training-handle/1';
  /** The backend's name. */
  readonly backend: string;
  /** The engine's id of the job. */
  readonly id: string;
  readonly job: { readonly name: string; readonly id: string };
  /** When it was submitted, ISO 8601. */
  readonly submittedAt: string;
  /** What this backend needs to find it again: a folder, a process with its start time. Never a secret. */
  readonly location: Readonly<Record<string, string>>;
}

/** A piece of a job's output. */
export interface TrainingLogs {
  readonly text: string;
  /** Give it back for what came after. */
  readonly cursor: string;
}

/** One logged step of a trainer: numbers by the trainer's own names (`loss`, `rewards/margins`, `rewards/accuracies`). */
export interface TrainingMetric {
  readonly stage: string;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** One file of the result. */
export interface TrainingArtifact {
  /** Relative to the job's folder, or the engine's name of it. */
  readonly path: string;
  /** Where it can be read: a path on this machine or a shared one, a URL, or a hosted model's name. */
  readonly location: string;
  readonly bytes: number | null;
  readonly sha256: string | null;
}

/** Exactly what `submit` would do, without doing it. */
export interface TrainingPreview {
  /** Commands or requests, in order, as they would be typed or sent, without secrets. */
  readonly actions: readonly string[];
  /** Texts of the files that would be written or sent, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** One thing that `doctor` looked at. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'error';
  /** What was seen. */
  readonly message: string;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

export interface BackendCallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * The contract of a training engine. Submitting a job that is already there gives the handle of the one that is there:
 * nothing is trained or paid for twice.
 */
export interface TrainingBackend {
  readonly name: string;
  /** @throws InvalidOptionError for a job that the engine cannot run; TrainingError when it refuses. */
  submit(job: TrainingJob, options?: BackendCallOptions): Promise<TrainingHandle>;
  preview(job: TrainingJob, options?: BackendCallOptions): Promise<TrainingPreview>;
  status(handle: TrainingHandle, options?: BackendCallOptions): Promise<TrainingStatus>;
  /** Output from the cursor on; from the start without one. */
  logs(handle: TrainingHandle, cursor?: string, options?: BackendCallOptions): Promise<TrainingLogs>;
  /** All steps logged so far, in order. Empty where the engine tells none. */
  metrics(handle: TrainingHandle, options?: BackendCallOptions): Promise<readonly TrainingMetric[]>;
  /** Resolves when the engine has taken it; a job that has ended stays as it is. */
  cancel(handle: TrainingHandle, options?: BackendCallOptions): Promise<void>;
  /** Empty until the job has succeeded. */
  artifacts(handle: TrainingHandle, options?: BackendCallOptions): Promise<readonly TrainingArtifact[]>;
  /** What is missing on this engine for this job, before anything is spent. */
  check(job: TrainingJob, options?: BackendCallOptions): Promise<readonly Finding[]>;
}
