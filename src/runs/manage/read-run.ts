import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunStorageError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { addUsage, NO_USAGE } from '../../models/chat-model.ts';
import { isPostgresUrl } from '../postgres-url.ts';
import { ReadOnlyJournal } from '../read-only-journal.ts';
import { readHeader } from '../run-file.ts';
import { isRunFile } from '../run-files.ts';
import { holderOf } from '../run-lock.ts';
import type { RunSummary } from './run-summary.ts';

export type { RunSummary } from './run-summary.ts';

/**
 * Reads what a run holds, a directory or the URL of one in a database. Nothing is written or locked, so the run may be in use.
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
  const header = await readHeader(dir);
  if (header === null) {
    throw new RunStorageError(`${dir} holds no run: it has no run.json.`, { hint: 'Check the path.' });
  }
  const { seed, isFormer } = header;
  const path = join(dir, 'journal.sqlite');
  const empty = { calls: 0, usage: NO_USAGE, models: [], tasks: {}, changed: null };
  const stored = existsSync(path) ? readJournal(path) : empty;
  return { dir, seed, isFormer, ...stored, bytes: sizeOf(dir), inUseBy: holderOf(dir) };
}

function readJournal(path: string): Pick<RunSummary, 'calls' | 'usage' | 'models' | 'tasks' | 'changed'> {
  const journal = new ReadOnlyJournal(path, () => {});
  try {
    const models = [...journal.spending()].map(([id, own]) => ({ id, ...own }));
    const times = [path, `${path}-wal`].map(
      (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    );
    const calls = models.reduce((sum, own) => sum + own.calls, 0);
    return {
      calls,
      usage: models.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
      models: models.sort((a, b) => b.calls - a.calls || (a.id < b.id ? -1 : 1)),
      tasks: Object.fromEntries(journal.tasks()),
      changed: calls === 0 ? null : new Date(Math.max(...times)).toISOString(),
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
