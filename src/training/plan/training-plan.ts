import type { Gpu } from './gpus.ts';
import type { ModelFacts } from './model-facts.ts';
import type { TrainingProposal } from './propose-changes.ts';
import type { StageMemory } from './stage-memory.ts';
import type { StageSteps } from './stage-steps.ts';

/** One stage of a {@link TrainingPlan}. */
export interface StagePlan extends StageSteps {
  /** Name of the stage. */
  readonly name: string;
  /** Rows of the training file. */
  readonly rows: number;
  /** Tokens of the sequences that memory is computed for. */
  readonly length: number;
  /** Memory of one GPU. Null without facts of the model. */
  readonly memory: StageMemory | null;
  /** Tokens per second over all GPUs. Null if unknown. */
  readonly tokensPerSecond: number | null;
  /** Hours of training. Null if unknown. */
  readonly hours: number | null;
}

/** What a job needs, before it is submitted. Estimates, not promises. */
export interface TrainingPlan {
  /** Format and version of this object. */
  readonly schema: 'aloe-training-plan/1';
  /** Facts of the base model. Null if unknown. */
  readonly model: ModelFacts | null;
  /** Kind of the GPUs. Null if unknown, and on CPUs. */
  readonly gpu: Gpu | null;
  /** GPUs of all nodes. */
  readonly gpus: number;
  /** In the order of training. */
  readonly stages: readonly StagePlan[];
  /** Whether every stage fits the memory of a GPU. Null if that or the model is unknown. */
  readonly fits: boolean | null;
  /** The smallest changes that make it fit. Null if it fits, if nothing helps, or if it is unknown. */
  readonly proposal: TrainingProposal | null;
  /** Memory of the first node's host, in bytes. */
  readonly hostBytes: number | null;
  /** Disk space of the job's directory, in bytes. */
  readonly diskBytes: number | null;
  /** Hours of all stages. Null if unknown. */
  readonly hours: number | null;
  /** US dollars for all GPUs. Null without a rate, or if hours are unknown. */
  readonly usd: number | null;
  /** What makes the training worthless although it runs, and what to do, in sentences. Usually empty. */
  readonly warnings: readonly string[];
  /** What the numbers rest on, in sentences. */
  readonly basis: readonly string[];
}
