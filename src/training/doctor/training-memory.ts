import type { TrainingJob, TrainingStage } from '../job/training-job.ts';

/** Size of a base model, as `inspect_environment.py` reports it. */
export interface BaseModelSize {
  readonly parameters: number;
  readonly vocabulary: number;
}

/** Bytes per trained weight for Adam: a gradient and two moments, 4 bytes each. */
const OPTIMIZER_BYTES = 12;

/** Bytes per frozen 4-bit weight, including its share of the scales and of the embeddings, which are not quantised. */
const FOUR_BIT_BYTES = 0.6;

/** Kernels, buffers and PyTorch's memory cache. */
const OVERHEAD_BYTES = 2 * 2 ** 30;

/**
 * Estimates the memory that each GPU needs, in bytes, for rows of full length. A rule of thumb, accurate to about a
 * third. It counts weights, gradients and moments, the frozen reference model of full-weight DPO, and the logits. With
 * gradient checkpointing, logits dominate a step: two responses per pair, tokens x vocabulary, 4 bytes each and 4 more
 * for the softmax. TRL's SFT computes them in chunks, so they are not counted there.
 */
export function estimateGpuMemory(job: TrainingJob, size: BaseModelSize): number {
  const share =
    job.launch === 'fsdp2' || job.launch === 'zero3' ? job.resources.gpus * job.resources.nodes : 1;
  return Math.max(
    ...job.stages.map((stage) => OVERHEAD_BYTES + stateBytes(stage, size) / share + logitBytes(stage, size)),
  );
}

function stateBytes({ method, options }: TrainingStage, { parameters }: BaseModelSize): number {
  const whole = options.dtype === 'bfloat16' || options.dtype === 'float16' ? 2 : 4;
  const weight = options.load_in_4bit === true ? FOUR_BIT_BYTES : whole;
  // An adapter has about 1 % of the weights, and its reference model is the same model without it.
  if (options.use_peft === true) return parameters * (weight + 0.01 * (4 + OPTIMIZER_BYTES));
  return parameters * (weight + OPTIMIZER_BYTES + (method === 'dpo' ? weight : 0));
}

function logitBytes({ method, options }: TrainingStage, { vocabulary }: BaseModelSize): number {
  if (method === 'sft') return 0;
  const rows = 2 * numberOr(options.per_device_train_batch_size, 8);
  return rows * numberOr(options.max_length, 1_024) * vocabulary * 8;
}

/** Estimates the disk space a job's directory needs, in bytes: the result of each stage, and two checkpoints. */
export function estimateDisk(job: TrainingJob, { parameters }: BaseModelSize): number {
  const bytes = job.stages.map(({ options }) => {
    const whole = parameters * (options.dtype === 'bfloat16' || options.dtype === 'float16' ? 2 : 4);
    if (options.use_peft === true) return whole * 1.1;
    return whole + 2 * parameters * OPTIMIZER_BYTES;
  });
  return bytes.reduce((sum, stage) => sum + stage, 0);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
