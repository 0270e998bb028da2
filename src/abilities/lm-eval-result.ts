import * as z from 'zod';

/** One task of lm-evaluation-harness. */
export interface LmEvalTask {
  /** `arc_easy` */
  readonly task: string;
  /** The harness's own name of the number: `acc,none`. */
  readonly metric: string;
  readonly value: number;
  /** Standard error. Null if the harness gives none. */
  readonly standardError: number | null;
  readonly higherIsBetter: boolean;
}

/** What lm-evaluation-harness measured. */
export interface LmEvalResult {
  /** Version of the harness. Null if it does not say. */
  readonly version: string | null;
  /** Cases per task that it was limited to. Null for all of them. */
  readonly limit: number | null;
  /** One entry per task and metric, in the order of the harness. */
  readonly tasks: readonly LmEvalTask[];
}

/** Schema of an {@link LmEvalResult}. */
export const lmEvalSchema: z.ZodType<LmEvalResult> = z.object({
  version: z.string().nullable(),
  limit: z.number().nullable(),
  tasks: z.array(
    z.object({
      task: z.string(),
      metric: z.string(),
      value: z.number(),
      standardError: z.number().nullable(),
      higherIsBetter: z.boolean(),
    }),
  ),
});
