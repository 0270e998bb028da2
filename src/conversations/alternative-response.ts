import * as z from 'zod';

/** A response that was written for a turn, but not chosen. */
export interface AlternativeResponse {
  readonly text: string;
  /** Whether it hit its token limit. */
  readonly truncated: boolean;
  /** Id of the model that wrote it. */
  readonly model: string;
  /** Mean of the picker's ratings, from 1 to 10. Absent if the picker gave none. */
  readonly score?: number | undefined;
}

export const alternativeResponseSchema: z.ZodType<AlternativeResponse> = z.object({
  text: z.string(),
  truncated: z.boolean(),
  model: z.string(),
  score: z.number().optional(),
});
