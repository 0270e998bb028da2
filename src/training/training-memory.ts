import type { TrainingJob, TrainingStage } from './training-job.ts';

export interface BaseModelSize {
  readonly parameters: number;
  readonly vocabulary: number;
}

/** Adam: a gradient and two moments, 4 bytes each. */
const OPTIMIZER_BYTES = 12;

/** Of a frozen weight in 4 bits, with its share of the scales and of the embeddings, which stay as they are. */
const FOUR_BIT_BYTES = 0.6;

/** Kernels, buffers and what PyTorch keeps back. */
const OVERHEAD_BYTES = 2 * 2 ** 30;

/**
 * GPU memory that one GPU needs, in bytes: a rule of thumb that a row of full length is taken for, good to about a
 * third. Weights, gradients and moments, a frozen reference for DPO of whole weights, and the logits, which outweigh
 * everything else of a step when gradients are checkpointed: a pair's two responses, each token by the whole
 * vocabulary, in 4 bytes and again for their softmax. TRL's SFT cuts them into pieces.
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
  // An adapter has about a hundredth of the weights, and its reference is the model without it.
  if (options.use_peft === true) return parameters * (weight + 0.01 * (4 + OPTIMIZER_BYTES));
  return parameters * (weight + OPTIMIZER_BYTES + (method === 'dpo' ? weight : 0));
}

function logitBytes({ method, options }: TrainingStage, { vocabulary }: BaseModelSize): number {
  if (method === 'sft') return 0;
  const rows = 2 * numberOr(options.per_device_train_batch_size, 8);
  return rows * numberOr(options.max_length, 1_024) * vocabulary * 8;
}

/** Free disk that the job's folder needs, in bytes: results of each stage, and one checkpoint while another is written. */
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
