import type { JsonValue } from '../../json-value.ts';

/** A data file on this machine. The backend brings it to where the training runs. */
export interface TrainingFile {
  /** Absolute path. */
  readonly path: string;
  /** In hex. Shows whether the file has changed since the job was made. */
  readonly sha256: string;
}

/** One training run in a job. */
export interface TrainingStage {
  /** Names its directory and config: `sft`, `dpo`. Letters, digits, `-` and `_`. Unique in a job. */
  readonly name: string;
  /** The trainer: `trl sft` or `trl dpo`. */
  readonly method: 'sft' | 'dpo';
  /** Rows to train on. */
  readonly train: TrainingFile;
  /** Rows to validate on, if any. */
  readonly validation?: TrainingFile | undefined;
  /** Name of the earlier stage whose result it starts from. Default: the job's base model. */
  readonly from?: string | undefined;
  /** Options of TRL for this method. Paths are added when the job is rendered. */
  readonly options: Readonly<Record<string, JsonValue>>;
}

/** The hardware a job needs. */
export interface TrainingResources {
  /** GPUs per node, with one process each. 0 trains on CPUs, with one process per node. */
  readonly gpus: number;
  /** Machines. */
  readonly nodes: number;
  /** CPU cores per node. Default: the engine's. */
  readonly cpus?: number | undefined;
  /** Memory per node, in GiB. Default: the engine's. */
  readonly memoryGiB?: number | undefined;
  /** The engine ends the job after this time. Default: the engine's limit. */
  readonly timeLimitMinutes?: number | undefined;
  /** Kind of the GPUs for `planTraining()`: `H100`, or a memory size such as `48GB`. It chooses none. Default: unknown. */
  readonly gpuKind?: string | undefined;
}

/** A fine-tune as plain data: which stages to train on which files, in which order. Every backend accepts it. */
export interface TrainingJob {
  /** Format and version of this object. */
  readonly schema: 'aloe-training-job/1';
  /** A label for people and queues. Any non-empty string. */
  readonly name: string;
  /** A model's name on the hub, or the absolute path of a directory in Hugging Face's layout. */
  readonly base: string;
  /** In the order of training. */
  readonly stages: readonly TrainingStage[];
  /** The hardware it needs. */
  readonly resources: TrainingResources;
  /** How `accelerate` distributes the training. */
  readonly launch: 'single' | 'ddp' | 'fsdp2' | 'fsdp2-offload' | 'zero3' | 'zero3-offload';
  /** Environment variables for the trainers. Never secrets: they are stored in plain text. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A job as a directory, for engines that run commands. `bash run.sh` in it trains stage by stage and writes its
 * exit status to `exit_code`, atomically.
 */
export interface RenderedJob {
  /** Hash of everything that affects the result. Equal jobs have equal ids, whatever their names and backends. */
  readonly id: string;
  /** Files to write: content by path in the directory. Configs, scripts and `run.sh`. */
  readonly files: Readonly<Record<string, string>>;
  /** Files to copy: source by path in the directory. */
  readonly inputs: Readonly<Record<string, TrainingFile>>;
  /** Result directories inside it, in order. The last one is the trained model. */
  readonly outputs: readonly string[];
}
