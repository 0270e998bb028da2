import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import type { RowCounts } from './count-rows.ts';
import { numberIn } from './stage-shape.ts';

/** How long a stage runs, in optimizer steps. */
export interface StageSteps {
  /** Rows that one optimizer step learns from, over all processes. With packing, packed sequences. */
  readonly batch: number;
  /** How often each row is learned from. */
  readonly epochs: number;
  /** Optimizer steps of the whole stage. */
  readonly steps: number;
  /** Tokens that pass through the model in training, over all steps, without padding. */
  readonly tokens: number;
}

/** Processes that share a batch: one per GPU, and one per node without GPUs. */
export function processesOf({ resources }: TrainingJob): number {
  return Math.max(1, resources.gpus) * resources.nodes;
}

/** The rows of an optimizer step, over all processes. */
function batchOf(job: TrainingJob, { options }: TrainingStage): number {
  const rows = numberIn(options.per_device_train_batch_size, 8);
  return rows * numberIn(options.gradient_accumulation_steps, 1) * processesOf(job);
}

/** As transformers' Trainer counts: the last step of an epoch may have fewer rows. */
export function countSteps(
  job: TrainingJob,
  stage: TrainingStage,
  { rows, tokens }: RowCounts,
  maxLength: number,
): StageSteps {
  const { options } = stage;
  const sequences = options.packing === true ? Math.ceil(tokens / maxLength) : rows;
  const perPass = numberIn(options.per_device_train_batch_size, 8) * processesOf(job);
  const passes = Math.ceil(sequences / perPass);
  const perEpoch = Math.max(1, Math.ceil(passes / numberIn(options.gradient_accumulation_steps, 1)));
  const epochs = numberIn(options.num_train_epochs, 3);
  const limit = numberIn(options.max_steps, -1);
  const steps = limit > 0 ? limit : Math.ceil(perEpoch * epochs);
  return {
    batch: batchOf(job, stage),
    epochs: steps / perEpoch,
    steps,
    tokens: Math.round((tokens * steps) / perEpoch),
  };
}
