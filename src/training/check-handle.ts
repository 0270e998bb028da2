import { InvalidOptionError } from '../errors.ts';
import type { TrainingHandle } from './training-backend.ts';

/** @throws InvalidOptionError when the handle is another backend's. */
export function checkHandle(backend: string, handle: TrainingHandle): void {
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
