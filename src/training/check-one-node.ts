import { InvalidOptionError } from '../errors.ts';
import type { TrainingJob } from './training-job.ts';

/** @throws InvalidOptionError for a job of several nodes, where `place` is all that the engine gives one. */
export function checkOneNode({ resources }: TrainingJob, place: string): void {
  if (resources.nodes === 1) return;
  throw new InvalidOptionError('resources.nodes', `1: a job trains on ${place}`, resources.nodes, {
    hint: 'For several nodes take slurm, or a TrainJob of Kubernetes.',
  });
}
