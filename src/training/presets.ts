import type { TrainerOption } from './training-job.ts';

/** Options of the two trainers, before the user's own. */
export interface TrainingPreset {
  readonly sft: Readonly<Record<string, TrainerOption>>;
  readonly dpo: Readonly<Record<string, TrainerOption>>;
  /** How several GPUs share the work. */
  readonly spread: 'ddp' | 'fsdp2';
}

export type TrainingPresetName = 'lora' | 'paper';

/** A job that is broken off loses at most a tenth of a stage. */
const KEPT = { save_strategy: 'steps', save_steps: 0.1, save_total_limit: 1, report_to: 'none' } as const;

const ADAPTER = {
  use_peft: true,
  // Frozen weights need no more; TRL's own default takes twice the memory.
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
  // Adapters want about ten times the learning rate of full weights; a DPO that starts from a fresh SFT wants less.
  lora: {
    sft: { ...KEPT, ...ADAPTER, learning_rate: 1e-4, num_train_epochs: 1 },
    dpo: { ...KEPT, ...ADAPTER, learning_rate: 1e-5, num_train_epochs: 1, beta: 0.1 },
    spread: 'ddp',
  },
  // The values of the paper's released code. It says no length for DPO; TRL's own would drop longer prompts in silence.
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

/** In place of the preset's, where there is no GPU. */
export const PROCESSOR_OPTIONS: Readonly<Record<string, TrainerOption>> = {
  use_cpu: true,
  bf16: false,
  dtype: 'float32',
};

export const PRESET_NAMES: readonly TrainingPresetName[] = ['lora', 'paper'];

export function trainingPreset(name: TrainingPresetName): TrainingPreset {
  return PRESETS[name];
}
