import * as z from 'zod';

// Only the fields in use: compatible services leave some out and add others.

/** It becomes part of a URL path, where `.` and `..` would point elsewhere, and is shown in a terminal. */
const id = z.string().regex(/^(?!\.{1,2}$)[\x21-\x7e]{1,200}$/, 'not a usable id');

/** An uploaded file. */
export interface BatchFile {
  readonly id: string;
}

/** Schema of a {@link BatchFile}. */
export const batchFile: z.ZodType<BatchFile> = z.object({ id });

/** A batch as OpenAI describes it. */
export interface OpenAIBatch {
  readonly id: string;
  readonly status: string;
  readonly output_file_id?: string | null | undefined;
  readonly error_file_id?: string | null | undefined;
  readonly request_counts?: { readonly completed: number; readonly failed: number } | null | undefined;
  readonly errors?:
    | {
        readonly data?:
          | readonly {
              readonly code?: string | null | undefined;
              readonly message?: string | null | undefined;
              readonly line?: number | null | undefined;
            }[]
          | null
          | undefined;
      }
    | null
    | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

const count = z.int().min(0);

/** Schema of an {@link OpenAIBatch}. */
export const openaiBatch: z.ZodType<OpenAIBatch> = z.object({
  id,
  status: z.string(),
  output_file_id: z.string().nullish(),
  error_file_id: z.string().nullish(),
  request_counts: z.object({ completed: count, failed: count }).nullish().catch(null),
  errors: z
    .object({
      data: z
        .array(
          z.object({ code: z.string().nullish(), message: z.string().nullish(), line: z.number().nullish() }),
        )
        .nullish(),
    })
    .nullish()
    .catch(null),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
});

/** A page of the list of batches. */
export interface BatchPage {
  readonly data: readonly OpenAIBatch[];
  readonly has_more?: boolean | null | undefined;
}

/** Schema of a {@link BatchPage}. */
export const batchPage: z.ZodType<BatchPage> = z.object({
  data: z.array(openaiBatch),
  has_more: z.boolean().nullish(),
});

/** A line of an output or error file. */
export interface OutputLine {
  readonly custom_id: string;
  readonly response?: { readonly status_code: number; readonly body?: unknown } | null | undefined;
  readonly error?:
    | { readonly code?: string | null | undefined; readonly message?: string | null | undefined }
    | null
    | undefined;
}

/** Schema of an {@link OutputLine}. */
export const outputLine: z.ZodType<OutputLine> = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});
