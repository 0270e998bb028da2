import * as z from 'zod';
import { DROP_REASONS } from './drop-reasons.ts';
import { FORMAT_KINDS } from './preference-format.ts';
import type { DataQuality } from './quality.ts';

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);

const verdictShareSchema = z.object({
  count,
  of: count,
  share: share.nullable(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
});

/** Schema of {@link DataQuality}. */
export const dataQualitySchema: z.ZodType<DataQuality> = z.object({
  kinds: z.array(
    z.object({
      kind: z.enum(FORMAT_KINDS),
      records: count,
      kept: count,
      keptShare: share,
      dropped: z.array(z.object({ reason: z.enum(DROP_REASONS), count, share })),
    }),
  ),
  verdicts: z
    .object({
      judges: z.array(z.string()),
      // Absent from earlier files.
      served: z.array(z.string()).default([]),
      prompts: z.array(z.string()),
      pairs: count,
      winners: z.object({ preferred: count, rejected: count, undecided: count }),
      identical: count,
      failed: count,
      consistent: verdictShareSchema,
      leansToFirst: verdictShareSchema,
      leaning: z.enum(['first', 'second']).nullable(),
    })
    .optional(),
});
