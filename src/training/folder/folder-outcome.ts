import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingStatus } from '../training-backend.ts';
import { readFailureReason } from './folder-logs.ts';
import { EXIT_CODE_FILE, exists, readExitCode } from './job-folder.ts';

/** Written to a job's directory before the job is cancelled. */
export const CANCELLED_FILE = 'cancelled';

/** Output of all attempts, one after the other. */
export const LOG_FILE = 'output.log';

/** How a job ended, read from its directory. Null if `run.sh` left no exit status. */
export async function folderOutcome(folder: string): Promise<TrainingStatus | null> {
  const exitCode = await readExitCode(folder);
  if (exitCode === 0) return { state: 'succeeded', exitCode, reason: null };
  if (await exists(join(folder, CANCELLED_FILE))) return { state: 'cancelled', exitCode, reason: null };
  if (exitCode === null) return null;
  const reason = (await lastError(folder)) ?? `It exited with code ${exitCode}.`;
  return { state: 'failed', exitCode, reason };
}

/** Removes the outcome of an earlier attempt, which would be taken for that of the next. */
export async function clearOutcome(folder: string): Promise<void> {
  for (const name of [EXIT_CODE_FILE, CANCELLED_FILE]) await rm(join(folder, name), { force: true });
}

async function lastError(folder: string): Promise<string | null> {
  const log = join(folder, LOG_FILE);
  const size = await stat(log).then(
    (stats) => stats.size,
    () => 0,
  );
  return readFailureReason(log, size);
}
