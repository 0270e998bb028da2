import { InvalidOptionError } from '../errors.ts';
import type { TrainingHandle } from './training-backend.ts';
import { trainingHandleSchema } from './training-handle.ts';

/** @throws InvalidOptionError when the handle is none, as one read from a file may be, or another backend's. */
export function checkHandle(backend: string, handle: TrainingHandle): void {
  const { error } = trainingHandleSchema.safeParse(handle);
  if (error !== undefined) {
    const [issue] = error.issues;
    const problem = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
    throw new InvalidOptionError('handle', `what a submission gave (${problem})`, handle);
  }
  if (handle.backend !== backend) {
    throw new InvalidOptionError('handle', `a handle of the backend "${backend}"`, handle.backend);
  }
}

/** What a handle says of where its job is. @throws InvalidOptionError when it says nothing. */
export function locationOf({ location }: TrainingHandle, name: string): string {
  const value = location[name];
  if (value === undefined) throw new InvalidOptionError(`handle.location.${name}`, 'a text', value);
  return value;
}
