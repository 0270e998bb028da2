import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AloeError, RunStorageError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { isPostgresUrl } from '../postgres-url.ts';
import { readRun } from './read-run.ts';
import type { RunSummary } from './run-summary.ts';

/** A directory with a run that cannot be read, and why. */
export interface UnreadableRun {
  readonly dir: string;
  readonly problem: string;
}

/** How deep below the directory a run may lie. */
const MAX_DEPTH = 4;

/**
 * Finds the runs in a directory and below it, up to four levels deep, in the order of their names. A run that cannot be read
 * is listed with the reason. Links to directories are not followed. Or lists the runs in a database, by its URL.
 *
 * @example
 * ```ts
 * for (const run of await listRuns('runs')) {
 *   console.log(run.dir, 'problem' in run ? run.problem : `${run.calls} calls`);
 * }
 * ```
 *
 * @throws RunStorageError if the directory cannot be read.
 */
export async function listRuns(dir: string): Promise<(RunSummary | UnreadableRun)[]> {
  checkPath('dir', dir);
  if (isPostgresUrl(dir)) {
    const { listDatabaseRuns } = await import('./database-runs.ts');
    return listDatabaseRuns(dir);
  }
  const found: (RunSummary | UnreadableRun)[] = [];
  async function look(within: string, depth: number): Promise<void> {
    if (existsSync(join(within, 'run.json'))) found.push(await readOrExplain(within));
    if (depth === MAX_DEPTH) return;
    const entries = await readdir(within, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    for (const name of names.sort()) {
      if (name === 'node_modules' || name.startsWith('.')) continue;
      // A directory that cannot be read holds no run that could be used.
      await look(join(within, name), depth + 1).catch(() => {});
    }
  }
  await look(dir, 0).catch((cause: Error) => {
    throw new RunStorageError(`${dir} cannot be read (${cause.message}).`, {
      hint: 'Check the path.',
      cause,
    });
  });
  return found;
}

async function readOrExplain(dir: string): Promise<RunSummary | UnreadableRun> {
  try {
    return await readRun(dir);
  } catch (error) {
    if (!AloeError.isInstance(error)) throw error;
    return { dir, problem: error.message };
  }
}
