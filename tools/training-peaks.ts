import type { JsonValue } from '../src/json-value.ts';
import type { TrainingJob, TrainingStage } from '../src/training/job/training-job.ts';
import type { ModelConfig } from '../src/training/plan/model-facts.ts';

interface Case {
  readonly name: string;
  readonly model: ModelConfig;
  readonly method: TrainingStage['method'];
  readonly options: Readonly<Record<string, JsonValue>>;
}

function llama(
  vocabulary: number,
  hidden: number,
  intermediate: number,
  layers: number,
  heads: number,
  keyValueHeads: number,
): ModelConfig {
  return {
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
  };
}

const DEEP = llama(512, 128, 384, 6, 4, 4);
const GROUPED = llama(512, 128, 512, 6, 8, 2);
const WIDE = llama(512, 256, 704, 2, 4, 4);
const WORDY = llama(16_000, 64, 192, 2, 4, 2);

const FULL = { bf16: true, dtype: 'float32' };
const PLAIN = { bf16: false, dtype: 'float32' };
const NO_CHECKPOINTING = { gradient_checkpointing: false };
// Dropout keeps one byte on a GPU and four on a CPU.
const LORA = {
  bf16: true,
  dtype: 'bfloat16',
  use_peft: true,
  lora_r: 16,
  lora_target_modules: 'all-linear',
  lora_dropout: 0,
};

function sized(length: number, batch: number) {
  return { max_length: length, per_device_train_batch_size: batch };
}

/** Cases for tools/python/measure_peaks.py. */
export const MEASURED: readonly Case[] = [
  { name: 'deep, SFT', model: DEEP, method: 'sft', options: { ...FULL, ...sized(256, 2) } },
  { name: 'deep, SFT, length 1,024', model: DEEP, method: 'sft', options: { ...FULL, ...sized(1_024, 1) } },
  {
    name: 'deep, SFT, no checkpointing',
    model: DEEP,
    method: 'sft',
    options: { ...FULL, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  {
    name: 'deep, SFT, no checkpointing, batch 1',
    model: DEEP,
    method: 'sft',
    options: { ...FULL, ...sized(256, 1), ...NO_CHECKPOINTING },
  },
  {
    name: 'grouped heads, SFT, no checkpointing',
    model: GROUPED,
    method: 'sft',
    options: { ...FULL, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  {
    name: 'wide, SFT, no checkpointing',
    model: WIDE,
    method: 'sft',
    options: { ...FULL, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  { name: 'deep, SFT, LoRA', model: DEEP, method: 'sft', options: { ...LORA, ...sized(256, 2) } },
  {
    name: 'deep, SFT, LoRA, no checkpointing',
    model: DEEP,
    method: 'sft',
    options: { ...LORA, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  {
    name: 'grouped heads, SFT, LoRA, no checkpointing',
    model: GROUPED,
    method: 'sft',
    options: { ...LORA, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  {
    name: 'wide, SFT, LoRA, no checkpointing',
    model: WIDE,
    method: 'sft',
    options: { ...LORA, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  {
    name: 'deep, SFT, LoRA, eager attention, no checkpointing',
    model: DEEP,
    method: 'sft',
    options: { ...LORA, ...sized(256, 2), ...NO_CHECKPOINTING, attn_implementation: 'eager' },
  },
  { name: '16,000 words, SFT', model: WORDY, method: 'sft', options: { ...FULL, ...sized(256, 2) } },
  { name: '16,000 words, SFT, LoRA', model: WORDY, method: 'sft', options: { ...LORA, ...sized(256, 2) } },
  {
    name: '16,000 words, SFT, LoRA, whole logits',
    model: WORDY,
    method: 'sft',
    options: { ...LORA, ...sized(256, 4), loss_type: 'nll' },
  },
  { name: 'deep, DPO', model: DEEP, method: 'dpo', options: { ...FULL, ...sized(256, 2) } },
  {
    name: 'deep, DPO, no checkpointing',
    model: DEEP,
    method: 'dpo',
    options: { ...FULL, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  { name: '16,000 words, DPO', model: WORDY, method: 'dpo', options: { ...FULL, ...sized(256, 2) } },
  { name: '16,000 words, DPO, LoRA', model: WORDY, method: 'dpo', options: { ...LORA, ...sized(256, 2) } },
  {
    name: '16,000 words, DPO, LoRA, precomputed reference',
    model: WORDY,
    method: 'dpo',
    options: { ...LORA, ...sized(256, 2), precompute_ref_log_probs: true },
  },
  { name: 'deep, SFT, float32', model: DEEP, method: 'sft', options: { ...PLAIN, ...sized(256, 2) } },
  {
    name: 'deep, SFT, float32, no checkpointing',
    model: DEEP,
    method: 'sft',
    options: { ...PLAIN, ...sized(256, 2), ...NO_CHECKPOINTING },
  },
  {
    name: '16,000 words, DPO, float32',
    model: WORDY,
    method: 'dpo',
    options: { ...PLAIN, ...sized(256, 2) },
  },
];

/** A published peak of one GPU. */
interface Published extends Case {
  readonly job?: Partial<Pick<TrainingJob, 'launch' | 'resources'>>;
  readonly gib: number;
  /** Whether it is PyTorch's count, or all that the GPU holds. */
  readonly counts: 'allocated' | 'all';
}

const QWEN_2B = llama(151_936, 2_048, 5_504, 24, 16, 16);
const QWEN_7B = llama(151_936, 4_096, 11_008, 32, 32, 32);
const LLAMA_8B = llama(128_256, 4_096, 14_336, 32, 32, 8);

/** In the transformers of that time, Qwen's own code: whole logits, LoRA on every linear layer, flash attention 2. */
const QWEN_LORA = {
  ...LORA,
  lora_r: 64,
  lora_dropout: 0.05,
  loss_type: 'nll',
  per_device_train_batch_size: 1,
};

/** torchtune: weights and optimizer states in bf16, LoRA of rank 8 on q and v, its loss in chunks. */
const TORCHTUNE_LORA = {
  ...LORA,
  lora_r: 8,
  lora_target_modules: ['q_proj', 'v_proj'],
  ...sized(2_048, 2),
};

// [length, LoRA of 1.8B, LoRA of 7B, QLoRA of 7B], in GB as printed.
const QWEN_GB = [
  [256, 6.7, 20.1, 11.5],
  [1_024, 8.4, 21.5, 12.3],
  [2_048, 11, 23.8, 13.9],
  [4_096, 16.2, 29.7, 16.9],
  [8_192, 21.8, 36.6, 23.5],
] as const;

function qwen(
  name: string,
  length: number,
  gb: number,
  model: ModelConfig,
  more: Case['options'],
): Published {
  const options = { ...QWEN_LORA, ...more, max_length: length };
  return {
    name: `${name}, length ${length}`,
    model,
    method: 'sft',
    options,
    gib: gb / 1.073_741_824,
    counts: 'all',
  };
}

/**
 * Qwen: README of QwenLM/Qwen, "Profiling of Memory and Speed", A100. torchtune: its README of 0.3, "Memory and training speed",
 * those rows whose configuration is known.
 */
export const PUBLISHED: readonly Published[] = [
  ...QWEN_GB.flatMap(([length, small, lora, qlora]) => [
    qwen('Qwen-1.8B, LoRA', length, small, QWEN_2B, {}),
    qwen('Qwen-7B, LoRA', length, lora, QWEN_7B, {}),
    qwen('Qwen-7B, QLoRA', length, qlora, QWEN_7B, { load_in_4bit: true }),
  ]),
  {
    name: 'Llama-3.1-8B, LoRA, RTX 4090, 2 x 2,048',
    model: LLAMA_8B,
    method: 'sft',
    options: TORCHTUNE_LORA,
    gib: 16.2,
    counts: 'allocated',
  },
  {
    name: 'Llama-3.1-8B, QLoRA, RTX 4090, 2 x 2,048',
    model: LLAMA_8B,
    method: 'sft',
    options: { ...TORCHTUNE_LORA, load_in_4bit: true },
    gib: 7.4,
    counts: 'allocated',
  },
];
