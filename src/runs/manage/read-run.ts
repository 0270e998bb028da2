import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkPath } from '../../internal/check-path.ts';
import { requireHeader } from '../directory/run-file.ts';
import { isRunFile } from '../directory/run-files.ts';
import { holderOf } from '../directory/run-lock.ts';
import { ReadOnlyJournal } from '../journal/read-only-journal.ts';
import { isPostgresUrl } from '../postgres-url.ts';
import { type RunSummary, summarizeSpent } from './run-summary.ts';

export type { RunSummary } from './run-summary.ts';

/**
 * Reads what a run holds, given its directory or its URL in a database. Nothing is written or locked, so the run may be in
 * use.
 *
 * @example
 * ```ts
 * const { calls, usage } = await readRun('runs/first');
 * console.log(`${calls} calls, ${usage.outputTokens} output tokens`);
 * ```
 *
 * @throws RunStorageError if the directory holds no run or cannot be read.
 * @throws InvalidFileError if `run.json` is damaged or `journal.sqlite` is not a journal.
 * @throws RunConflictError if a newer version wrote the run.
 */
export async function readRun(dir: string): Promise<RunSummary> {
  checkPath('dir', dir);
  if (isPostgresUrl(dir)) {
    const { readDatabaseRun } = await import('./database-runs.ts');
    return readDatabaseRun(dir);
  }
  const { seed, isFormer } = await requireHeader(dir);
  const path = join(dir, 'journal.sqlite');
  const empty = { ...summarizeSpent(new Map()), tasks: {}, changed: null };
  const stored = existsSync(path) ? readJournal(path) : empty;
  return { dir, seed, isFormer, ...stored, bytes: sizeOf(dir), inUseBy: holderOf(dir), pausedSince: null };
}

function readJournal(path: string): Pick<RunSummary, 'calls' | 'usage' | 'models' | 'tasks' | 'changed'> {
  const journal = new ReadOnlyJournal(path, () => {});
  try {
    const spent = summarizeSpent(journal.spending());
    const times = [path, `${path}-wal`].map(
      (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    );
    return {
      ...spent,
      tasks: Object.fromEntries(journal.tasks()),
      changed: spent.calls === 0 ? null : new Date(Math.max(...times)).toISOString(),
    };
  } finally {
    journal.close();
  }
}

function sizeOf(dir: string): number {
  return readdirSync(dir)
    .filter(isRunFile)
    .reduce((sum, name) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
