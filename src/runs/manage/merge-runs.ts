import { existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { InvalidOptionError, RunConflictError, RunStorageError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { storageError } from '../journal.ts';
import { INSERT_ROW } from '../journal-database.ts';
import { openJournalFile } from '../journal-file.ts';
import { JournalReader, type StoredCall } from '../journal-reader.ts';
import { checksumOf } from '../journal-row.ts';
import { ReadOnlyJournal } from '../read-only-journal.ts';
import { checkSeed, type RunHeader, readHeader, saveHeader, settleHeader } from '../run-file.ts';
import { lockRun } from '../run-lock.ts';
import { mergeServers } from './merge-servers.ts';

/** What came from one run. */
export interface MergedRun {
  readonly dir: string;
  /** Answers that the merged run did not have. */
  readonly added: number;
  /** Answers that it had already, word for word. */
  readonly same: number;
  /** Calls that both had different answers to. The merged run keeps its own. */
  readonly differing: number;
  /** Places of the first 20 of those. */
  readonly differingPlaces: readonly string[];
  /** Rows that were damaged and left out. */
  readonly damaged: number;
}

/** Options of {@link mergeRuns}. */
export interface MergeRunsOptions {
  /** Called after each run. */
  readonly onEvent?: ((event: { readonly type: 'run-merged' } & MergedRun) => void) | undefined;
  /** Aborts. What was merged by then stays, and the same call goes on from there. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies the stored answers of runs into one, so that their calls are replayed from it. A call that the merged run has an
 * answer to keeps it. Can be repeated at any time: what is there already is left alone.
 *
 * @param into Directory of the merged run. It is created if it does not exist, with the seed of the others.
 * @param from Directories of the runs to copy from. They are only read.
 * @example
 * ```ts
 * const [first] = await mergeRuns('runs/all', ['runs/half-1', 'runs/half-2']);
 * console.log(`${first.added} answers from ${first.dir}`);
 * ```
 *
 * @throws InvalidOptionError if a directory is given twice, or `from` is empty.
 * @throws RunConflictError if seeds differ, a run is in use, version 0.1 wrote one, or a model was last called at two
 * addresses, so that its weights may not be the same.
 * @throws RunStorageError if a directory holds no run, or cannot be read or written.
 */
export async function mergeRuns(
  into: string,
  from: readonly string[],
  { onEvent = () => {}, signal }: MergeRunsOptions = {},
): Promise<MergedRun[]> {
  checkDirectories(into, from);
  const unlock: (() => void)[] = [];
  try {
    const headers = await Promise.all(from.map(readMergeable));
    const { seed } = headers[0]!;
    for (const [index, header] of headers.entries()) checkSeed(from[index]!, header.seed, seed);
    for (const dir of from) unlock.push(lockIfWritable(dir));
    unlock.push(lockRun(into));
    const own = await settleHeader(into, seed);
    const servers = headers.reduce(
      (merged, header, index) => mergeServers(merged, header, { into, from: from[index]! }),
      { servers: own.servers, reported: own.reported },
    );
    await saveHeader(into, { seed, ...servers });
    const database = openJournalFile(join(into, 'journal.sqlite'), () => {});
    try {
      const merged: MergedRun[] = [];
      for (const dir of from) {
        const run = { dir, ...(await mergeJournal(database, join(dir, 'journal.sqlite'), signal)) };
        onEvent({ type: 'run-merged', ...run });
        merged.push(run);
      }
      return merged;
    } finally {
      database.close();
    }
  } finally {
    for (const release of unlock) release();
  }
}

function checkDirectories(into: string, from: readonly string[]): void {
  checkPath('into', into);
  if (from.length === 0) throw new InvalidOptionError('from', 'at least one run directory', from);
  const known = new Set(existsSync(into) ? [realpathSync(into)] : []);
  for (const dir of from) {
    checkPath('from', dir);
    if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) continue;
    const real = realpathSync(dir);
    if (known.has(real))
      throw new InvalidOptionError('from', 'each directory once, and not the merged run', dir);
    known.add(real);
  }
}

async function readMergeable(dir: string): Promise<RunHeader> {
  const header = await readHeader(dir);
  if (header === null) {
    throw new RunStorageError(`${dir} holds no run: it has no run.json.`, { hint: 'Check the path.' });
  }
  if (!header.isFormer) return header;
  throw new RunConflictError(`${dir} was written by version 0.1, which stored answers under other keys.`, {
    hint: 'It can only be replayed where it is.',
  });
}

/** A directory that may only be read, such as another machine's, can be merged too. */
function lockIfWritable(dir: string): () => void {
  try {
    return lockRun(dir);
  } catch (error) {
    if (RunStorageError.isInstance(error)) return () => {};
    throw error;
  }
}

/** Rows in one transaction. Another process can be stopped between two of them. */
const BATCH = 2_000;
const MAX_PLACES = 20;

async function mergeJournal(
  database: DatabaseSync,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Omit<MergedRun, 'dir'>> {
  const counts = { added: 0, same: 0, differing: 0, damaged: 0 };
  const differingPlaces: string[] = [];
  if (!existsSync(path)) return { ...counts, differingPlaces };
  const source = new ReadOnlyJournal(path, () => {});
  const put = rowWriter(database);
  try {
    for (const rows of batches(source.rows())) {
      signal?.throwIfAborted();
      database.exec('BEGIN IMMEDIATE');
      for (const row of rows) {
        const outcome = put(row);
        counts[outcome] += 1;
        if (outcome === 'differing' && differingPlaces.length < MAX_PLACES) differingPlaces.push(row.place);
      }
      database.exec('COMMIT');
      // Lets Ctrl-C through.
      await new Promise(setImmediate);
    }
    return { ...counts, differingPlaces };
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    signal?.throwIfAborted();
    throw storageError('written', cause);
  } finally {
    source.close();
  }
}

function rowWriter(database: DatabaseSync): (row: StoredCall) => 'added' | 'same' | 'differing' | 'damaged' {
  const reader = new JournalReader(database);
  const insert = database.prepare(INSERT_ROW);
  const remove = database.prepare('DELETE FROM calls WHERE key = ?');
  return (row) => {
    const { key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum } = row;
    if (checksum !== checksumOf(row)) return 'damaged';
    const columns = [key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum];
    if (insert.run(...columns, row.finished_at).changes !== 0) return 'added';
    const own = reader.get(key);
    if (own !== undefined) return own === value ? 'same' : 'differing';
    // The merged run's own row is damaged.
    remove.run(key);
    insert.run(...columns, row.finished_at);
    return 'added';
  };
}

function* batches(rows: Iterable<StoredCall>): Generator<StoredCall[]> {
  let batch: StoredCall[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
