import { InvalidOptionError } from '../errors.ts';
import type { TrainingHandle } from './training-backend.ts';

/** @throws InvalidOptionError when the handle is another backend's. */
export function checkHandle(backend: string, handle: TrainingHandle): void {
  if (handle.backend !== backend) {
    throw new InvalidOptionError('handle', `a handle of the backend "${backend}"`, handle.backend);
  }
}
