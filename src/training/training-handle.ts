import * as z from 'zod';
import { InvalidOptionError } from '../errors.ts';
import type { TrainingHandle } from './training-backend.ts';

/** Schema of a {@link TrainingHandle} that was saved as JSON. */
export const trainingHandleSchema: z.ZodType<TrainingHandle> = z.object({
  schema: z.literal('aloe-training-handle/1'),
  backend: z.string(),
  id: z.string(),
  job: z.object({ name: z.string(), id: z.string() }),
  submittedAt: z.string(),
  location: z.record(z.string(), z.string()),
});

/** @throws InvalidOptionError when the value is not a handle (one may come from a file), or is another backend's. */
export function checkHandle(backend: string, handle: TrainingHandle): void {
  const { error } = trainingHandleSchema.safeParse(handle);
  if (error !== undefined) {
    const [issue] = error.issues;
    const problem = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
    throw new InvalidOptionError('handle', `a handle returned by submit() (${problem})`, handle);
  }
  if (handle.backend !== backend) {
    throw new InvalidOptionError('handle', `a handle of the "${backend}" backend`, handle.backend);
  }
}

/** One entry of a handle's location. @throws InvalidOptionError when it is missing. */
export function locationOf({ location }: TrainingHandle, name: string): string {
  const value = location[name];
  if (value === undefined) throw new InvalidOptionError(`handle.location.${name}`, 'a string', value);
  return value;
}
