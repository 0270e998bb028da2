/** A value of a trainer's configuration file. */
export type TrainerOption =
  | string
  | number
  | boolean
  | null
  | readonly TrainerOption[]
  | { readonly [name: string]: TrainerOption };

/** A file with training rows on this machine; the backend brings it to where the training runs. */
export interface TrainingFile {
  readonly path: string;
  /** Of its bytes, in hex: what was submitted can be told from what lies there now. */
  readonly sha256: string;
}

/** One run of a trainer. */
export interface TrainingStage {
  /** Names its folder and its config: `sft`, `dpo`. Letters, digits, `-`, `_`; each once in a job. */
  readonly name: string;
  readonly method: 'sft' | 'dpo';
  readonly train: TrainingFile;
  readonly validation?: TrainingFile | undefined;
  /** What it starts from: the job's base model, or the result of an earlier stage, by name. Default: the base. */
  readonly from?: string | undefined;
  /** Options of TRL's config for this method, checked by name. Paths are added when the job is rendered. */
  readonly options: Readonly<Record<string, TrainerOption>>;
}

/** What a job needs of the machine that runs it. */
export interface TrainingResources {
  /** GPUs on each node, each with a process. Default 1; 0 trains on processors, with one process a node. */
  readonly gpus: number;
  /** Default 1. */
  readonly nodes: number;
  readonly cpus?: number | undefined;
  readonly memoryGiB?: number | undefined;
  readonly timeLimitMinutes?: number | undefined;
}

/** A fine-tune as plain data: what is trained on what, in which order. Engines differ in how they are given it. */
export interface TrainingJob {
  readonly schema: 'aloe-training-job/1';
  /** For people and queues: any text that is not empty. */
  readonly name: string;
  /** A model of a hub by name, or a folder of one in Hugging Face's layout. */
  readonly base: string;
  readonly stages: readonly TrainingStage[];
  readonly resources: TrainingResources;
  /** How `accelerate` spreads it. Default `single`. */
  readonly launch: 'single' | 'ddp' | 'fsdp2' | 'zero3';
  /** Environment variables of the trainer. Never secrets: they are in handles and logs. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A job as an engine that runs commands is given it: a folder. `bash run.sh` in that folder trains stage after stage
 * and leaves its exit status, written whole or not at all, in `exit_code`.
 */
export interface RenderedJob {
  /** Hash of all that decides the result: equal jobs have equal ids, whatever their names and backends. */
  readonly id: string;
  /** Files to be written, by path in the folder: configs, scripts and `run.sh`. */
  readonly files: Readonly<Record<string, string>>;
  /** Files to be copied, by path in the folder. */
  readonly inputs: Readonly<Record<string, TrainingFile>>;
  /** Folders with results, relative to the folder, in order; the last is the trained model. */
  readonly outputs: readonly string[];
}
