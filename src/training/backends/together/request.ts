import { canonicalJson, sha256 } from '../../../internal/hash.ts';
import type { JsonValue } from '../../../json-value.ts';
import type { TrainingJob, TrainingStage } from '../../job/training-job.ts';
import type { HostedFiles } from '../hosted/files.ts';
import { batchOfDevices, isNumber, type StageOptions, suffixOf } from '../hosted/request.ts';

/** The request for a fine-tune, without Together's ids of the files. */
export interface TogetherRequest {
  /** A name, and the mark by which the job is found again: Together keeps no other field of the user's. */
  readonly suffix: string;
  readonly [field: string]: JsonValue | undefined;
}

/** TRL options with an equivalent at Together. */
export const TRANSLATED: readonly string[] = [
  'num_train_epochs',
  'per_device_train_batch_size',
  'gradient_accumulation_steps',
  'learning_rate',
  'lr_scheduler_type',
  'warmup_ratio',
  'warmup_steps',
  'weight_decay',
  'max_grad_norm',
  'max_length',
  'packing',
  'seed',
  'beta',
  'loss_type',
  'loss_weights',
  'use_peft',
  'lora_r',
  'lora_alpha',
  'lora_dropout',
  'lora_target_modules',
];

/** TRL options and the fields of the request with the same meaning. */
const RENAMED: Readonly<Record<string, string>> = {
  num_train_epochs: 'n_epochs',
  gradient_accumulation_steps: 'gradient_accumulation_steps',
  learning_rate: 'learning_rate',
  weight_decay: 'weight_decay',
  max_grad_norm: 'max_grad_norm',
  max_length: 'max_seq_length',
  packing: 'packing',
  seed: 'random_seed',
};

/** A job's id, with the step of a checkpoint if wanted. */
const CHECKPOINT = /^ft-[\w-]+(?::\d+)?$/;

/** Letters of the mark. As many as a hash needs to be unique among one user's jobs. */
const MARK_LENGTH = 20;

/**
 * The request for a stage. A base such as `ft-…` is an earlier job, whose model is trained on. `settings` overrides what is
 * translated.
 */
export function togetherRequest(
  job: TrainingJob,
  { method, options }: TrainingStage,
  { train, validation }: HostedFiles,
  settings: Readonly<Record<string, JsonValue>>,
): TogetherRequest {
  const request = {
    ...(CHECKPOINT.test(job.base) ? { from_checkpoint: job.base } : { model: job.base }),
    ...renamed(options),
    ...defined({ batch_size: batchOfDevices(job, options) }),
    ...schedule(options),
    training_method:
      method === 'sft'
        ? { method: 'sft', train_on_inputs: false }
        : { method: 'dpo', ...preference(options) },
    training_type: options.use_peft === true ? { type: 'Lora', ...adapter(options) } : { type: 'Full' },
    ...settings,
  };
  const data = [train.name, validation?.name ?? null];
  const mark = sha256(canonicalJson({ request, data })).slice(0, MARK_LENGTH);
  return { ...request, suffix: [suffixOf(job.name), mark].filter(Boolean).join('-') };
}

/** The part of a suffix that does not change with the job's name. */
export function markOf({ suffix }: TogetherRequest): string {
  return suffix.slice(-MARK_LENGTH);
}

function renamed(options: StageOptions): Record<string, JsonValue> {
  const found = Object.entries(RENAMED).map(([option, field]) => [field, options[option]]);
  return defined(Object.fromEntries(found));
}

function schedule({
  lr_scheduler_type: type,
  warmup_ratio: ratio,
  warmup_steps: steps,
}: StageOptions): Record<string, JsonValue> {
  // transformers takes warm-up steps below 1 for a part of all steps.
  const warmup = isNumber(ratio) ? ratio : isNumber(steps) && steps < 1 ? steps : undefined;
  const arguments_ = type === 'cosine' ? { min_lr_ratio: 0, num_cycles: 0.5 } : { min_lr_ratio: 0 };
  const scheduler =
    type === 'cosine' || type === 'linear'
      ? { lr_scheduler_type: type, lr_scheduler_args: arguments_ }
      : undefined;
  return defined({ warmup_ratio: warmup, lr_scheduler: scheduler });
}

/** TRL's loss `[sigmoid, sft]` is DPO with a part of SFT, which Together calls `rpo_alpha`. */
function preference({
  beta,
  loss_type: losses,
  loss_weights: weights,
}: StageOptions): Record<string, JsonValue> {
  const withSft = Array.isArray(losses) && losses.join() === 'sigmoid,sft';
  const [ofDpo, ofSft] = Array.isArray(weights) ? weights : [1, 1];
  const alpha = withSft && isNumber(ofDpo) && isNumber(ofSft) && ofDpo > 0 ? ofSft / ofDpo : undefined;
  const byLength = String(losses) === 'sigmoid_norm' ? true : undefined;
  return defined({ dpo_beta: beta, rpo_alpha: alpha, dpo_normalize_logratios_by_length: byLength });
}

/** With TRL's defaults for what the job leaves out: Together requires both numbers. */
function adapter({
  lora_r: rank = 16,
  lora_alpha: alpha = 32,
  lora_dropout: dropout,
  lora_target_modules: modules,
}: StageOptions): Record<string, JsonValue> {
  const names = Array.isArray(modules) ? modules.join(',') : modules;
  return defined({
    lora_r: rank,
    lora_alpha: alpha,
    lora_dropout: dropout,
    lora_trainable_modules: names,
  });
}

function defined(values: Readonly<Record<string, JsonValue | undefined>>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
    string,
    JsonValue
  >;
}
