import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { RunConflictError, RunStorageError } from '../../errors.ts';
import { runFileError } from '../../internal/run-storage.ts';
import { readBatchFile } from '../../models/batch/batch-file.ts';
import { requireHeader, saveHeader, settleHeader } from '../directory/run-file.ts';
import { BATCHES_FILE } from '../directory/run-files.ts';
import { lockRun } from '../directory/run-lock.ts';
import { INSERT_ROW } from '../journal/journal-database.ts';
import { openJournalFile } from '../journal/journal-file.ts';
import { JournalReader, type StoredCall } from '../journal/journal-reader.ts';
import { checksumOf } from '../journal/journal-row.ts';
import { ReadOnlyJournal } from '../journal/read-only-journal.ts';
import { mergeBatches } from './merge-batches.ts';
import { MERGED_AT_ONCE, type MergeOutcome, type MergeSource, type MergeTarget } from './merge-place.ts';

/** A run directory to copy from. It is only read. */
export async function directorySource(dir: string): Promise<MergeSource> {
  const header = await requireHeader(dir);
  if (header.isFormer) {
    throw new RunConflictError(`${dir} was written by version 0.1, which stored answers under other keys.`, {
      hint: 'It can only be replayed where it is.',
    });
  }
  const unlock = lockIfWritable(dir);
  try {
    const submitted = await readBatchFile(join(dir, BATCHES_FILE));
    const path = join(dir, 'journal.sqlite');
    const journal = existsSync(path) ? new ReadOnlyJournal(path, () => {}) : undefined;
    return {
      header,
      batches: () => batches(journal?.rows() ?? []),
      submitted: [...submitted.batches.values()],
      close() {
        journal?.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A run directory to copy into. It is created if it does not exist. */
export async function directoryTarget(dir: string, seed: number): Promise<MergeTarget> {
  const unlock = lockRun(dir);
  try {
    const header = await settleHeader(dir, seed);
    const database = openJournalFile(join(dir, 'journal.sqlite'), () => {});
    const put = rowWriter(database);
    return {
      header,
      saveHeader: (changed) => saveHeader(dir, changed),
      addSubmitted: (records) => mergeBatches(join(dir, BATCHES_FILE), records),
      put(rows) {
        try {
          database.exec('BEGIN IMMEDIATE');
          const outcomes = rows.map(put);
          database.exec('COMMIT');
          return outcomes;
        } catch (cause) {
          if (database.isTransaction) database.exec('ROLLBACK');
          throw runFileError('The journal cannot be written', cause);
        }
      },
      close() {
        database.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
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

function rowWriter(database: DatabaseSync): (row: StoredCall) => MergeOutcome {
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
    if (batch.length === MERGED_AT_ONCE) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
