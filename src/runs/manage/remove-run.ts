import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RunStorageError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { messageOf } from '../../internal/message-of.ts';
import { requireHeader } from '../directory/run-file.ts';
import { isOwnName } from '../directory/run-files.ts';
import { lockRun } from '../directory/run-lock.ts';
import { isPostgresUrl } from '../postgres-url.ts';
import type { RemovedRun } from './run-summary.ts';

export type { RemovedRun } from './run-summary.ts';

/**
 * Removes a run, given its directory or its URL in a database: its stored answers, and nothing else. Files that a program
 * wrote beside them stay.
 *
 * @throws RunStorageError if the directory holds no run, or a file cannot be removed.
 * @throws RunConflictError if a process has the run open, or a newer version wrote it.
 */
export async function removeRun(dir: string): Promise<RemovedRun> {
  checkPath('dir', dir);
  if (isPostgresUrl(dir)) {
    const { removeDatabaseRun } = await import('./database-runs.ts');
    return removeDatabaseRun(dir);
  }
  await requireHeader(dir);
  const unlock = lockRun(dir);
  const removed: string[] = [];
  try {
    const own = readdirSync(dir).filter((name) => isOwnName(name) && lstatSync(join(dir, name)).isFile());
    // The header last: if this is killed, the directory is still known for a run and can be removed again.
    for (const name of own.sort((a, b) => rank(a) - rank(b))) {
      rmSync(join(dir, name));
      removed.push(name);
    }
  } catch (cause) {
    throw new RunStorageError(`${dir} cannot be removed (${messageOf(cause)}).`, {
      hint: 'Check who may write to the directory, then remove the run again.',
      cause,
    });
  } finally {
    unlock();
  }
  rmSync(join(dir, 'run.lock-journal'), { force: true });
  const left = readdirSync(dir);
  if (left.length === 0) rmdirSync(dir);
  return { dir, removed, left };
}

const LAST = ['run.json', 'run.holder.json', 'run.lock'];
const rank = (name: string) => LAST.indexOf(name);
