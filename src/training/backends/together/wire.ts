import * as z from 'zod';
import { jobId } from '../hosted/wire.ts';

// Only the fields in use, as in the official clients (together-ai 0.52 for Node, together 3.1 for Python).

/** Where fine-tunes are. */
export const JOBS_PATH = '/fine-tunes';

/** The path of a fine-tune. Its id may contain anything. */
export function jobPath(id: string, part = ''): string {
  return `${JOBS_PATH}/${encodeURIComponent(id)}${part}`;
}

/** A fine-tune. */
export interface TogetherJob {
  readonly id: string;
  readonly status: string;
  /** ISO 8601. */
  readonly created_at?: string | null | undefined;
  readonly suffix?: string | null | undefined;
  /** The trained model's name. Contains the suffix. */
  readonly model_output_name?: string | null | undefined;
  readonly training_type?: { readonly type?: string | null | undefined } | null | undefined;
}

/** Schema of a {@link TogetherJob}. */
export const togetherJob: z.ZodType<TogetherJob> = z.object({
  id: jobId,
  status: z.string(),
  created_at: z.string().nullish(),
  suffix: z.string().nullish(),
  model_output_name: z.string().nullish(),
  training_type: z.object({ type: z.string().nullish() }).nullish(),
});

/** An event of a fine-tune. */
export interface TogetherEvent {
  /** ISO 8601. */
  readonly created_at: string;
  readonly message: string;
  readonly type?: string | null | undefined;
  readonly level?: string | null | undefined;
}

/** Schema of a {@link TogetherEvent}. */
export const togetherEvent: z.ZodType<TogetherEvent> = z.object({
  created_at: z.string(),
  message: z.string(),
  type: z.string().nullish(),
  level: z.string().nullish(),
});

/** Logged steps: numbers by name, with the step among them. */
export const togetherMetrics: z.ZodType<{
  readonly metrics?: readonly Readonly<Record<string, unknown>>[] | null | undefined;
}> = z.object({ metrics: z.array(z.record(z.string(), z.unknown())).nullish() });

/** What a model may be trained with. */
export interface TogetherLimits {
  readonly max_seq_length_sft?: number | null | undefined;
  readonly max_seq_length_dpo?: number | null | undefined;
  readonly max_num_epochs?: number | null | undefined;
  readonly lora_training?: TogetherBatchLimits | null | undefined;
  readonly full_training?: TogetherBatchLimits | null | undefined;
}

/** See {@link TogetherLimits}. */
export interface TogetherBatchLimits {
  readonly max_batch_size?: number | null | undefined;
  readonly max_batch_size_dpo?: number | null | undefined;
  readonly max_rank?: number | null | undefined;
}

const batchLimits = z.object({
  max_batch_size: z.number().nullish(),
  max_batch_size_dpo: z.number().nullish(),
  max_rank: z.number().nullish(),
});

/** Schema of {@link TogetherLimits}. */
export const togetherLimits: z.ZodType<TogetherLimits> = z.object({
  max_seq_length_sft: z.number().nullish(),
  max_seq_length_dpo: z.number().nullish(),
  max_num_epochs: z.number().nullish(),
  lora_training: batchLimits.nullish(),
  full_training: batchLimits.nullish(),
});
