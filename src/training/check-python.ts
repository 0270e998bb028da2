import type { Finding } from './training-backend.ts';
import type { TrainingJob } from './training-job.ts';

export interface CheckPythonOptions {
  readonly job: TrainingJob;
  /** Where the job would be written. */
  readonly folder: string;
  /** Words that start Python. */
  readonly command: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export async function checkPython(_options: CheckPythonOptions): Promise<Finding[]> {
  return [];
}
