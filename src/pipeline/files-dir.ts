import { join } from 'node:path';
import type { AloeConfig } from '../config/config.ts';
import { isPostgresUrl, runInUrl } from '../runs/postgres-url.ts';
import { DEFAULT_RUN } from './default-run.ts';

/**
 * The directory of a pipeline's files: the one that its config names, else the run directory. A run in a database has none, so
 * each machine that works on it keeps equal files in a directory of the run's name.
 */
export function filesDir({ files, run = DEFAULT_RUN }: Pick<AloeConfig, 'files' | 'run'>): string {
  return files ?? (isPostgresUrl(run) ? join('runs', runInUrl(run) ?? 'aloe') : run);
}
