import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { InvalidFileError, RunConflictError, RunStorageError } from '../../errors.ts';
import { runClosed } from '../../internal/run-storage.ts';
import { storageError } from './journal.ts';
import { checkSchema, checkTables, checkVersion } from './journal-database.ts';
import { openJournalFile, toOpenError } from './journal-file.ts';
import { JournalReader, type SpentByModel, type StoredCall } from './journal-reader.ts';
import type { JournalRecovery } from './replace-journal.ts';

interface Opened {
  readonly database: DatabaseSync;
  readonly reader: JournalReader;
  /** Size and time of the files when they were opened, if later writes stay invisible. Null if they show. */
  readonly stamp: string | null;
  close(): void;
}

/**
 * The finished calls of a run, from a directory that may not be writable. Another process may write to it meanwhile.
 *
 * SQLite can read a journal in WAL mode without writing only if the log's index is there already, or if nobody writes.
 * In all other cases the files are copied to the temporary directory, where the log is applied and damage repaired.
 */
export class ReadOnlyJournal {
  readonly #path: string;
  readonly #onRecovered: (recovery: JournalRecovery) => void;
  #opened: Opened;

  /**
   * @param onRecovered Called if the file is damaged. The damaged file stays where it is.
   * @throws InvalidFileError if the file is not a journal.
   * @throws RunConflictError if it was written by a newer version.
   * @throws RunStorageError if there is none or it cannot be read.
   */
  constructor(path: string, onRecovered: (recovery: JournalRecovery) => void) {
    this.#path = path;
    this.#onRecovered = onRecovered;
    this.#opened = openForReading(path, onRecovered);
  }

  /**
   * The value stored under `key`, or undefined.
   *
   * @throws RunStorageError if the journal is closed or cannot be read.
   */
  get(key: string): string | undefined {
    return this.#read((reader) => reader.get(key));
  }

  /** The model of a call at this place. Undefined if there is none. */
  earlierModel(place: string): string | undefined {
    return this.#read((reader) => reader.earlierModel(place));
  }

  /** Number and usage of all journaled calls by model id. */
  spending(): SpentByModel {
    return this.#read((reader) => reader.spending());
  }

  /** Number of model calls by task. */
  tasks(): Map<string, number> {
    return this.#read((reader) => reader.tasks());
  }

  /** Every row as it is stored, damaged ones too. Do not read anything else meanwhile. */
  rows(): Iterable<StoredCall> {
    return this.#read((reader) => reader.rows());
  }

  close(): void {
    this.#opened.close();
  }

  /** Reads. What is not found, or fails, is read again if another process has written since. */
  #read<Result>(read: (reader: JournalReader) => Result): Result {
    if (!this.#opened.database.isOpen) throw runClosed();
    try {
      const found = read(this.#opened.reader);
      if (found !== undefined || !this.#isOutdated()) return found;
    } catch (cause) {
      if (!this.#isOutdated()) throw storageError('read', cause);
    }
    const outdated = this.#opened;
    this.#opened = openForReading(this.#path, this.#onRecovered);
    outdated.close();
    try {
      return read(this.#opened.reader);
    } catch (cause) {
      throw storageError('read', cause);
    }
  }

  #isOutdated(): boolean {
    const { stamp } = this.#opened;
    return stamp !== null && stamp !== stampOf(this.#path);
  }
}

function openForReading(path: string, onRecovered: (recovery: JournalRecovery) => void): Opened {
  if (!existsSync(path)) {
    throw new RunStorageError(`There is no journal ${path}.`, { hint: 'Check the run directory.' });
  }
  const stamp = stampOf(path);
  // A log is left by a process that was killed, or belongs to one that is writing.
  const hasLog = sizeOf(`${path}-wal`) > 0;
  // SQLite would create the log's index.
  if (hasLog && !existsSync(`${path}-shm`)) return openCopy(path, stamp, onRecovered);
  try {
    if (hasLog) return checked(path, path, null);
    const url = pathToFileURL(resolve(path));
    // Without it SQLite would create a log and its index.
    url.searchParams.set('immutable', '1');
    return checked(path, url, stamp);
  } catch (cause) {
    if (RunConflictError.isInstance(cause) || InvalidFileError.isInstance(cause)) throw cause;
    return openCopy(path, stamp, onRecovered);
  }
}

function checked(path: string, location: string | URL, stamp: string | null): Opened {
  const database = new DatabaseSync(location, { readOnly: true, timeout: 5_000 });
  try {
    database.exec('PRAGMA trusted_schema = OFF');
    checkVersion(path, database);
    checkSchema(path, database);
    checkTables(database);
    return { database, reader: new JournalReader(database), stamp, close: () => closeOnce(database) };
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function openCopy(path: string, stamp: string, onRecovered: (recovery: JournalRecovery) => void): Opened {
  const dir = mkdtempSync(join(tmpdir(), 'aloe-journal-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    const copy = join(dir, 'journal.sqlite');
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    // A copy has the permissions of the original, which may be read-only.
    for (const name of readdirSync(dir)) chmodSync(join(dir, name), 0o600);
    const database = openJournalFile(copy, (recovery) => onRecovered({ ...recovery, keptAs: path }));
    const close = () => {
      process.off('exit', close);
      closeOnce(database);
      remove();
    };
    // The copy holds every answer. It must not outlive a program that forgets to close the run.
    process.once('exit', close);
    return { database, reader: new JournalReader(database), stamp, close };
  } catch (cause) {
    remove();
    if (!InvalidFileError.isInstance(cause)) throw toOpenError(path, cause);
    throw new InvalidFileError(path, 'is not a journal.', { hint: cause.hint });
  }
}

function closeOnce(database: DatabaseSync): void {
  if (database.isOpen) database.close();
}

/** Changes whenever another process writes. */
function stampOf(path: string): string {
  return [path, `${path}-wal`]
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stats) => `${stats?.size}:${stats?.mtimeMs}`)
    .join(' ');
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
