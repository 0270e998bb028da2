import { InvalidFileError } from '../errors.ts';
import type { TrainingFile } from './training-job.ts';

/** @throws InvalidFileError for data that is not what it was when the job was made. */
export function checkUnchanged({ path, sha256 }: TrainingFile, actual: string): void {
  if (actual === sha256) return;
  throw new InvalidFileError(path, 'has changed since the job was made.', { hint: 'Make the job again.' });
}
