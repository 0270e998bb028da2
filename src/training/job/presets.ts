import type { JsonValue } from '../../json-value.ts';

/** Default options of the two trainers. The user's own override them. */
export interface TrainingPreset {
  readonly sft: Readonly<Record<string, JsonValue>>;
  readonly dpo: Readonly<Record<string, JsonValue>>;
  /** How to use several GPUs. */
  readonly spread: 'ddp' | 'fsdp2';
}

/** `lora` trains adapters, for one GPU. `paper` trains all weights, with the values of the paper's code. */
export type TrainingPresetName = 'lora' | 'paper';

/** An interrupted job loses at most a tenth of a stage. */
const KEPT = { save_strategy: 'steps', save_steps: 0.1, save_total_limit: 1, report_to: 'none' } as const;

const ADAPTER = {
  use_peft: true,
  // Enough for frozen weights. TRL's default, float32, needs twice the memory.
  dtype: 'bfloat16',
  lora_r: 32,
  lora_alpha: 64,
  lora_target_modules: 'all-linear',
  max_length: 2_048,
  per_device_train_batch_size: 4,
  gradient_accumulation_steps: 4,
  lr_scheduler_type: 'cosine',
  warmup_steps: 0.05,
  logging_steps: 1,
} as const;

const PRESETS: Readonly<Record<TrainingPresetName, TrainingPreset>> = {
  // Adapters need about ten times the learning rate of full weights. DPO right after SFT needs less.
  lora: {
    sft: { ...KEPT, ...ADAPTER, learning_rate: 1e-4, num_train_epochs: 1 },
    dpo: { ...KEPT, ...ADAPTER, learning_rate: 1e-5, num_train_epochs: 1, beta: 0.1 },
    spread: 'ddp',
  },
  // Values of the paper's released code. It sets no length for DPO; TRL's default would silently drop longer prompts.
  paper: {
    sft: {
      ...KEPT,
      learning_rate: 1e-5,
      num_train_epochs: 1,
      packing: true,
      max_length: 8_192,
      per_device_train_batch_size: 1,
      gradient_accumulation_steps: 48,
      logging_steps: 1,
      bf16: true,
    },
    dpo: {
      ...KEPT,
      learning_rate: 1e-5,
      num_train_epochs: 1,
      beta: 0.9,
      max_length: 8_192,
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 12,
      logging_steps: 1,
      bf16: true,
    },
    spread: 'fsdp2',
  },
};

/** Overrides a preset when there is no GPU. */
export const PROCESSOR_OPTIONS: Readonly<Record<string, JsonValue>> = {
  use_cpu: true,
  bf16: false,
  dtype: 'float32',
};

/** Every preset. */
export const PRESET_NAMES: readonly TrainingPresetName[] = ['lora', 'paper'];

/** The options of a preset. */
export function trainingPreset(name: TrainingPresetName): TrainingPreset {
  return PRESETS[name];
}
