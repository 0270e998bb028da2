import type { Finding } from '../training-backend.ts';
import type { TrainingJob } from '../training-job.ts';
import type { SlurmBackendOptions } from './slurm.ts';

export interface CheckSlurmOptions {
  readonly root: string;
  readonly options: SlurmBackendOptions;
  readonly signal?: AbortSignal | undefined;
}

export async function checkSlurm(_job: TrainingJob, _options: CheckSlurmOptions): Promise<Finding[]> {
  return [];
}
