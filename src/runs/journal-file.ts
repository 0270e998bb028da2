import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { InvalidFileError, RunConflictError, RunStorageError } from '../errors.ts';
import { type JournalPages, openPages, PAGE_BYTES, type StoredRow } from './salvage/journal-pages.ts';

const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE calls (
    key TEXT PRIMARY KEY, place TEXT NOT NULL, value TEXT NOT NULL, model TEXT,
    input_tokens INTEGER NOT NULL, cached_input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    checksum INTEGER NOT NULL, finished_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
  );
  CREATE TABLE spending (
    model TEXT PRIMARY KEY, calls INTEGER NOT NULL DEFAULT 0, input_tokens INTEGER NOT NULL DEFAULT 0,
    cached_input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE TRIGGER book_call AFTER INSERT ON calls WHEN NEW.model IS NOT NULL BEGIN
    INSERT OR IGNORE INTO spending (model) VALUES (NEW.model);
    UPDATE spending SET calls = calls + 1, input_tokens = input_tokens + NEW.input_tokens,
      cached_input_tokens = cached_input_tokens + NEW.cached_input_tokens,
      output_tokens = output_tokens + NEW.output_tokens
    WHERE model = NEW.model;
  END;
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/** Columns in the order of the table, which is the order they have in the file. */
const COLUMNS =
  'key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum, finished_at';

const INSERT_ROW = `INSERT OR IGNORE INTO calls (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Result codes of SQLite: SQLITE_ERROR, which is what a statement gets that does not fit the tables, and others. */
const NO_SUCH_TABLE = 1;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

export interface JournalRow {
  readonly key: string;
  readonly place: string;
  readonly value: string;
  readonly model: string | null;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
}

/** What became of a journal that was damaged. */
export interface JournalRecovery {
  /** Calls that the new journal holds. */
  readonly kept: number;
  /** Calls that are known to be gone, and are sent again when they are asked for; null when it cannot be told. */
  readonly lost: number | null;
  /** Path of the damaged file. */
  readonly keptAs: string;
}

/** Of all that a row says; by it a row that was changed by anything but the journal is known. */
export function checksumOf(row: JournalRow): number {
  const { key, place, value, model, input_tokens, cached_input_tokens, output_tokens } = row;
  const head = `${key}\n${place}\n${model ?? ''}\n${input_tokens} ${cached_input_tokens} ${output_tokens}\n`;
  return crc32(value, crc32(head));
}

export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

function resultCode(error: unknown): number {
  const { errcode = 0 } = error as { errcode?: number };
  // The upper bytes tell more about the same.
  return errcode & 0xff;
}

/**
 * Opens a journal, or makes it. What the last process left in the log is taken over, also where SQLite would take the
 * log to end early; a damaged file is replaced by one with all rows that are whole.
 *
 * @throws InvalidFileError when the file is no journal, and RunConflictError when it is one of a newer version.
 * @throws RunStorageError when it cannot be opened or written.
 */
export function openJournalFile(
  path: string,
  onRecovered: (recovery: JournalRecovery) => void,
): DatabaseSync {
  try {
    if (path === ':memory:') return openDatabase(path);
    finishReplacing(path);
    const pages = openPages(path);
    try {
      const database = openDatabase(path);
      try {
        addMissing(database, pages);
        checkTables(database);
        return database;
      } catch (cause) {
        database.close();
        throw cause;
      }
    } catch (cause) {
      if (!isDamage(cause) && resultCode(cause) !== NO_SUCH_TABLE) throw cause;
      onRecovered(replaceJournal(path, pages, resultCode(cause) === NOT_A_DATABASE));
      return openDatabase(path);
    } finally {
      pages.close();
    }
  } catch (cause) {
    throw toOpenError(path, cause);
  }
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // The timeout first: another process may hold the file while this one sets the rest.
    database.exec(
      `PRAGMA busy_timeout = 5000; PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`,
    );
    const version = readVersion(database);
    if (version > SCHEMA_VERSION) {
      throw new RunConflictError(
        `${path} was written by a newer version of aloe-align (journal version ${version}, this one reads ${SCHEMA_VERSION}).`,
        { hint: 'Update aloe-align, or use another run directory.' },
      );
    }
    if (version === 0) {
      database.exec('BEGIN IMMEDIATE');
      // Another process may have been first.
      if (readVersion(database) === 0) database.exec(SCHEMA);
      database.exec('COMMIT');
    }
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** SQLite reads a log up to its first damaged frame; whole rows after that were paid for as well. */
function addMissing(database: DatabaseSync, pages: JournalPages): void {
  const known = database.prepare('SELECT 1 FROM calls WHERE key = ?');
  const missing = new Map<string, StoredRow>();
  for (const row of pages.rowsInLog()) {
    const key = String(row.columns[0]);
    if (isWhole(row) && known.get(key) === undefined) missing.set(key, row);
  }
  if (missing.size > 0) insertRows(database, missing.values());
}

/** How many rows are looked up by their keys when a journal is opened. */
const SAMPLE = 200;

/**
 * SQLite does not see that an index was damaged where it still looks like one: it then finds some keys no more, and
 * they would be paid for again. A sample, so that opening a long journal stays a matter of milliseconds; what it misses
 * is little.
 */
function checkTables(database: DatabaseSync): void {
  // Fails where the description of the tables was damaged.
  database.prepare(INSERT_ROW);
  const last = Number(database.prepare('SELECT MAX(rowid) AS last FROM calls').get()?.last ?? 0);
  const keyOf = database.prepare('SELECT key FROM calls NOT INDEXED WHERE rowid = ?');
  const rowOf = database.prepare('SELECT rowid FROM calls WHERE key = ?');
  // In the order in which they came, which is none as far as the index of hashes goes.
  for (let row = last; row > 0; row -= Math.ceil(last / SAMPLE)) {
    const stored = keyOf.get(row);
    if (stored !== undefined && rowOf.get(String(stored.key)) === undefined) {
      throw Object.assign(new Error('the index of the journal is damaged'), { errcode: CORRUPT });
    }
  }
}

function isWhole({ columns }: StoredRow): boolean {
  if (columns.length !== 9) return false;
  const [key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum] = columns as [
    string,
    string,
    string,
    string | null,
    number,
    number,
    number,
    number,
  ];
  const texts = [key, place, value].every((column) => typeof column === 'string');
  return (
    texts &&
    checksum === checksumOf({ key, place, value, model, input_tokens, cached_input_tokens, output_tokens })
  );
}

function insertRows(database: DatabaseSync, rows: Iterable<StoredRow>): void {
  const insert = database.prepare(INSERT_ROW);
  database.exec('BEGIN IMMEDIATE');
  for (const { columns } of rows) insert.run(...columns);
  database.exec('COMMIT');
}

/**
 * Puts a new journal with every whole row in the place of a damaged one, which is kept beside it. Killed on the way it
 * leaves either the damaged journal, or no journal and the complete new one, which the next opening puts in place.
 *
 * @throws InvalidFileError when `foreign` and nothing in the file is a row of a journal.
 */
export function replaceJournal(path: string, pages: JournalPages, foreign: boolean): JournalRecovery {
  const replacement = replacementOf(path);
  removeDatabase(replacement);
  const database = openDatabase(replacement);
  let kept = 0;
  let lastRow = 0;
  function* whole(): Generator<StoredRow> {
    for (const row of pages.rows()) {
      if (!isWhole(row)) continue;
      lastRow = Math.max(lastRow, row.rowid);
      yield row;
    }
  }
  try {
    insertRows(database, whole());
    kept = Number(database.prepare('SELECT COUNT(*) AS kept FROM calls').get()?.kept);
  } finally {
    database.close();
  }
  if (foreign && kept === 0) {
    removeDatabase(replacement);
    throw new InvalidFileError(path, 'is not a journal.', {
      hint: 'Restore the file, or use another run directory.',
    });
  }
  const keptAs = damagedName(path, firstFree(path));
  renameSync(path, keptAs);
  finishReplacing(path);
  // Rows are numbered from 1, and only a damaged one that was replaced leaves a gap. A number that was damaged itself
  // tells nothing.
  const lost = lastRow - kept;
  return { kept, lost: lost >= 0 && lost <= MOST_PLAUSIBLE_LOSS ? lost : null, keptAs };
}

const MOST_PLAUSIBLE_LOSS = 100_000_000;

/** Goes on with a replacement whose new journal is complete: that is so when the damaged one has left its place. */
function finishReplacing(path: string): void {
  const replacement = replacementOf(path);
  if (existsSync(path) || !existsSync(replacement)) return;
  // The log belongs to the damaged file; SQLite would play it into the new one.
  if (existsSync(`${path}-wal`)) {
    renameSync(`${path}-wal`, `${damagedName(path, firstFree(path) - 1)}-wal`);
  }
  rmSync(`${path}-shm`, { force: true });
  renameSync(replacement, path);
}

const replacementOf = (path: string) => `${path}.replacement`;
const damagedName = (path: string, number: number) => path.replace(/(\.sqlite)?$/, `.damaged-${number}$1`);

function firstFree(path: string): number {
  let number = 1;
  while (existsSync(damagedName(path, number))) number += 1;
  return number;
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

export function toOpenError(path: string, cause: unknown): Error {
  if (cause instanceof RunConflictError || cause instanceof InvalidFileError) return cause;
  return new RunStorageError(`The journal ${path} cannot be opened (${(cause as Error).message}).`, {
    hint: 'Check that the directory exists and can be written, or use another run directory.',
    cause,
  });
}
