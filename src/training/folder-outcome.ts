import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFailureReason } from './folder-logs.ts';
import { exists, readExitCode } from './job-folder.ts';
import type { TrainingStatus } from './training-backend.ts';

/** Written into a job's folder before it is cancelled. */
export const CANCELLED_FILE = 'cancelled';

/** Output of all attempts, one after the other. */
export const LOG_FILE = 'output.log';

/** How a job ended, by what lies in its folder; null where `run.sh` left no exit status. */
export async function folderOutcome(folder: string): Promise<TrainingStatus | null> {
  const exitCode = await readExitCode(folder);
  if (exitCode === 0) return { state: 'succeeded', exitCode, reason: null };
  if (await exists(join(folder, CANCELLED_FILE))) return { state: 'cancelled', exitCode, reason: null };
  if (exitCode === null) return null;
  return { state: 'failed', exitCode, reason: (await lastWords(folder)) ?? `It ended with ${exitCode}.` };
}

/** Why it failed, in the words of the job's output. */
async function lastWords(folder: string): Promise<string | null> {
  const log = join(folder, LOG_FILE);
  const size = await stat(log).then(
    (stats) => stats.size,
    () => 0,
  );
  return readFailureReason(log, size);
}
