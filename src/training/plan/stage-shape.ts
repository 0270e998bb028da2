import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import type { ModelFacts } from './model-facts.ts';

/** How a stage spreads its weights. */
export interface Sharding {
  readonly kind: 'none' | 'fsdp2' | 'zero3';
  /** Processes that share the weights. 1 when each has all of them. */
  readonly shards: number;
  /** Whether weights, gradients and optimizer states wait in the host's memory. */
  readonly offload: boolean;
}

/** What memory and speed of a stage depend on, read from its trainer options and their defaults in TRL 1.13 and 1.16. */
export interface StageShape {
  readonly isDpo: boolean;
  /** Sequences of one pass: the micro batch, twice for the pairs of DPO. */
  readonly sequences: number;
  /** Bytes per weight as loaded. */
  readonly weightBytes: number;
  /** Whether products are computed in bf16 or fp16, whatever the weights. */
  readonly mixed: boolean;
  /** `load_in_4bit` and `load_in_8bit`: bytes per weight of the linear layers. Null: not quantised. */
  readonly quantisedBytes: number | null;
  /** Trained weights of the adapter. Null: all weights are trained. */
  readonly adapter: number | null;
  /** Rank of the adapter, and the layers of a block that have one. */
  readonly rank: number;
  readonly targets: readonly string[];
  /** Whether adapters drop part of their input in training, which keeps a byte for each. */
  readonly dropout: boolean;
  readonly checkpointing: boolean;
  readonly attention: string;
  readonly optimizer: string;
  /** Whether the frozen reference of DPO is a second model. Otherwise it is the model without its adapter, or precomputed. */
  readonly referenceCopy: boolean;
  /** Whether the reference also computes logits in each step. */
  readonly referencePass: boolean;
  /** How the loss gets its logits: all at once, in chunks of tokens, or in tiles of tokens and vocabulary. */
  readonly logits: 'whole' | 'chunked' | 'tiled';
  readonly sharding: Sharding;
}

/** The default of TRL's SFT and DPO alike. */
export const DEFAULT_MAX_LENGTH = 1_024;

/** The shape of a stage of a job, with a version of TRL. */
export function shapeOfStage(
  job: TrainingJob,
  { method, options }: TrainingStage,
  model: ModelFacts,
  trl: string = TESTED_TRL,
): StageShape {
  const isDpo = method === 'dpo';
  const usesPeft = options.use_peft === true;
  const half = options.dtype === 'bfloat16' || options.dtype === 'float16';
  const precomputed = options.precompute_ref_log_probs === true;
  return {
    isDpo,
    sequences: numberIn(options.per_device_train_batch_size, 8) * (isDpo ? 2 : 1),
    weightBytes: half ? 2 : 4,
    // TRL computes in bf16 unless told otherwise.
    mixed: options.bf16 !== false || options.fp16 === true,
    quantisedBytes: options.load_in_4bit === true ? FOUR_BIT : options.load_in_8bit === true ? 1 : null,
    adapter: usesPeft ? adapterSize(options, model) : null,
    rank: numberIn(options.lora_r, 16),
    targets: usesPeft ? targetsOf(options) : [],
    // DPO turns dropout off.
    dropout: usesPeft && !isDpo && numberIn(options.lora_dropout, 0.05) > 0,
    checkpointing: options.gradient_checkpointing !== false,
    attention: typeof options.attn_implementation === 'string' ? options.attn_implementation : 'sdpa',
    optimizer: typeof options.optim === 'string' ? options.optim : 'adamw_torch_fused',
    referenceCopy: isDpo && !usesPeft && !precomputed,
    referencePass: isDpo && !precomputed,
    logits: logitsOf(isDpo, options, trl),
    sharding: shardingOf(job),
  };
}

/** The version of TRL that this library is tested with. */
export const TESTED_TRL = '1.13.0';

/** From 1.15 on, TRL's own kernel computes the loss in tiles. Before that, only its SFT was thrifty. */
function logitsOf(isDpo: boolean, options: TrainingStage['options'], trl: string): StageShape['logits'] {
  if (!isDpo && options.loss_type === 'nll') return 'whole';
  if (options.use_liger_kernel === true) return 'chunked';
  const [major = 0, minor = 0] = trl.split('.').map(Number);
  if (major > 1 || (major === 1 && minor >= 15)) return 'tiled';
  return isDpo ? 'whole' : 'chunked';
}

/** NF4: 4 bits, and a scale of 32 bits for each block of 64 weights, which is quantised too by default in TRL. */
const FOUR_BIT = 0.5 + 4 / 64;

function shardingOf({ launch, resources }: TrainingJob): Sharding {
  const [kind, offload] = launch.split('-');
  const sharded = kind === 'fsdp2' || kind === 'zero3';
  return {
    kind: sharded ? kind : 'none',
    shards: sharded ? Math.max(1, resources.gpus) * resources.nodes : 1,
    offload: offload === 'offload',
  };
}

const LINEAR = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;

/** Without a list, all linear layers: what the presets say, and the most it can be. */
function targetsOf({ lora_target_modules: given }: TrainingStage['options']): readonly string[] {
  return Array.isArray(given) ? LINEAR.filter((name) => given.includes(name)) : LINEAR;
}

/** How many numbers go into a linear layer for each token. */
export function inputWidth(name: string, { hidden, intermediate, heads, headSize }: ModelFacts): number {
  if (name === 'down_proj') return intermediate;
  return name === 'o_proj' ? heads * headSize : hidden;
}

function outputWidth(
  name: string,
  { hidden, intermediate, heads, keyValueHeads, headSize }: ModelFacts,
): number {
  if (name === 'gate_proj' || name === 'up_proj') return intermediate;
  if (name === 'q_proj') return heads * headSize;
  return name === 'k_proj' || name === 'v_proj' ? keyValueHeads * headSize : hidden;
}

/** Weights of a LoRA adapter: rank x (inputs + outputs) of each layer that gets one, and layers that are trained whole. */
function adapterSize(options: TrainingStage['options'], model: ModelFacts): number {
  const width = targetsOf(options).reduce(
    (sum, name) => sum + inputWidth(name, model) + outputWidth(name, model),
    0,
  );
  const saved = Array.isArray(options.lora_modules_to_save) ? options.lora_modules_to_save.length : 0;
  return numberIn(options.lora_r, 16) * model.layers * width + saved * model.vocabulary * model.hidden;
}

/** A number among options that may hold anything. */
export function numberIn(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
