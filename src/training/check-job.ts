import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import type { TrainingFile, TrainingJob } from './training-job.ts';

/** @throws InvalidOptionError for a job that needs several nodes, on a backend that trains on one (`place`). */
export function checkOneNode({ resources }: TrainingJob, place: string): void {
  if (resources.nodes === 1) return;
  throw new InvalidOptionError('resources.nodes', `1, as this backend trains on ${place}`, resources.nodes, {
    hint: 'Use slurm() for several nodes.',
  });
}

/** @throws InvalidFileError when a data file is not the one the job was made from. */
export function checkUnchanged({ path, sha256 }: TrainingFile, actual: string): void {
  if (actual === sha256) return;
  throw new InvalidFileError(path, 'has changed since the job was made.', {
    hint: 'Make the job again with interactToAlign().',
  });
}
