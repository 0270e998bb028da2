import { checkPath } from '../internal/check-path.ts';
import { checkMethod } from '../internal/options.ts';
import { createRun, createStoredRun } from './create-run.ts';
import { memoryStore, openDirectoryStore } from './directory/directory-store.ts';
import { findReadOnly, openReadOnly } from './directory/open-read-only.ts';
import { isPostgresUrl } from './postgres-url.ts';
import type { Run } from './run-contract.ts';
import {
  checkMemoryRunOptions,
  checkOpenRunOptions,
  type MemoryRunOptions,
  type RunOptions,
} from './run-options.ts';

export type { Run } from './run-contract.ts';
export type { MemoryRunOptions, ModelLimits, RunOptions } from './run-options.ts';
export type { RunWork, SharedRun, WorkLabel, WorkList } from './work/run-work.ts';

/**
 * Opens a run directory, or creates it. Only one process can have it open at a time. A damaged journal is recovered. A
 * directory that cannot be written to, and a run of version 0.1, are opened read-only: see {@link Run.readOnly}.
 *
 * @example
 * ```ts
 * import { openRun } from 'aloe-align';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const run = await openRun('runs/first', { seed: 7 });
 * const model = run.model(openai('gpt-4o'));
 * const messages = [{ role: 'user', content: 'Suggest a title.' }] as const;
 * const { text } = await model.generate({ messages }, { place: { task: 'titles', subject: 'first', role: 'editor' } });
 * await run.close();
 * ```
 *
 * With the URL of a PostgreSQL database, several processes and machines can have the run open, and share its answers, its
 * budget and its rate limits.
 *
 * @example
 * ```ts
 * const run = await openRun('postgres://localhost/aloe?run=first', { seed: 7 });
 * ```
 *
 * @param dir A directory, or `postgres://user@host/database?run=NAME`. A server on another machine needs
 * `&sslmode=verify-full`. The password is taken from PGPASSWORD or `~/.pgpass`.
 * @throws InvalidOptionError naming an option that is unknown or wrong.
 * @throws MissingPackageError if a URL is given and the package `pg` is not installed.
 * @throws RunConflictError if the run is open elsewhere (naming the process), has another seed, or was written by a
 * newer version.
 * @throws InvalidFileError if `run.json` is damaged or `journal.sqlite` is not a journal.
 * @throws RunStorageError if the directory cannot be created, locked, read or written, if it is to be read only and holds
 * no run, or if one of the run's files in it is a symbolic link; if the database cannot be reached or refuses.
 */
export async function openRun(dir: string, options: RunOptions = {}): Promise<Run> {
  checkPath('dir', dir);
  checkOpenRunOptions(options);
  if (isPostgresUrl(dir)) {
    const { openPostgresRun } = await import('./postgres/open-run.ts');
    return openPostgresRun(dir, options);
  }
  if (options.readOnly !== false) {
    const found = await findReadOnly(dir, options.readOnly ?? false);
    if (found !== null) return openReadOnly(dir, found, options);
  }
  const store = await openDirectoryStore(dir, {
    seed: options.seed,
    onRecovered: (recovery) => options.onEvent?.({ type: 'journal-recovered', ...recovery }),
  });
  return createStoredRun(store, options);
}

/**
 * Creates a run in memory, which resumes nothing and writes nothing. Builder, evaluator and pool use one if you pass no
 * `run`.
 *
 * @example
 * ```ts
 * const run = memoryRun({ seed: 7, budget: { tokens: 100_000 } });
 * ```
 *
 * @throws InvalidOptionError naming an option that is unknown or wrong.
 */
export function memoryRun(options: MemoryRunOptions = {}): Run {
  checkMemoryRunOptions(options);
  return createRun(memoryStore(options.seed ?? 0), options);
}

/**
 * The given run, or a new one in memory.
 *
 * @throws InvalidOptionError if it is not a run.
 */
export function checkRun(run: Run | undefined): Run {
  if (run !== undefined) checkMethod('run', run, 'seedFor', 'a run from openRun() or memoryRun()');
  return run ?? memoryRun();
}
