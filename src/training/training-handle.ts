import { z } from 'zod';
import type { TrainingHandle } from './training-backend.ts';

/** The file shape of a {@link TrainingHandle}. */
export const trainingHandleSchema: z.ZodType<TrainingHandle> = z.object({
  schema: z.literal('aloe-training-handle/1'),
  backend: z.string(),
  id: z.string(),
  job: z.object({ name: z.string(), id: z.string() }),
  submittedAt: z.string(),
  location: z.record(z.string(), z.string()),
});
