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

/** In the order of the table, which is also their order in the file. */
const COLUMNS =
  'key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum, finished_at';

const INSERT_ROW = `INSERT OR IGNORE INTO calls (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** SQLite result codes. SQLITE_ERROR (1) is what a statement returns that does not match the tables. */
const NO_SUCH_TABLE = 1;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** One finished call, with the column names of the table. */
export interface JournalRow {
  readonly key: string;
  readonly place: string;
  readonly value: string;
  readonly model: string | null;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
}

/** The outcome of recovering a damaged journal. */
export interface JournalRecovery {
  /** Calls in the new journal. */
  readonly kept: number;
  /** Calls known to be lost, which are sent again when they are needed. null if the number cannot be determined. */
  readonly lost: number | null;
  /** Path to which the damaged file was moved. */
  readonly keptAs: string;
}

/** CRC-32 of a whole row. A row whose stored checksum differs was changed by something other than the journal. */
export function checksumOf(row: JournalRow): number {
  const { key, place, value, model, input_tokens, cached_input_tokens, output_tokens } = row;
  const head = `${key}\n${place}\n${model ?? ''}\n${input_tokens} ${cached_input_tokens} ${output_tokens}\n`;
  return crc32(value, crc32(head));
}

/** Whether SQLite reports a damaged file. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

function resultCode(error: unknown): number {
  const { errcode = 0 } = error as { errcode?: number };
  // The upper bytes of an extended code only refine it.
  return errcode & 0xff;
}

/**
 * Opens a journal, or creates it. Rows that the last process left in the log are recovered, including those after the
 * point where SQLite stops reading. A damaged file is replaced by one with all intact rows.
 *
 * @param onRecovered Called if a damaged file was replaced.
 * @throws InvalidFileError if the file is not a journal, or has triggers or views that a journal does not have.
 * @throws RunConflictError if it was written by a newer version.
 * @throws RunStorageError if it cannot be opened or written.
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
    // The timeout comes first, since another process may hold the file while this one sets the rest.
    database.exec(
      `PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`,
    );
    if (checkVersion(path, database) === 0) {
      database.exec('BEGIN IMMEDIATE');
      // Another process may have created the tables meanwhile.
      if (readVersion(database) === 0) database.exec(SCHEMA);
      database.exec('COMMIT');
    }
    checkSchema(path, database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/** @throws RunConflictError if a newer version wrote the journal. */
export function checkVersion(path: string, database: DatabaseSync): number {
  const version = readVersion(database);
  if (version <= SCHEMA_VERSION) return version;
  throw new RunConflictError(
    `${path} was written by a newer version of aloe-align (its journal version is ${version}, this version reads ${SCHEMA_VERSION}).`,
    { hint: 'Update aloe-align, or use another run directory.' },
  );
}

/**
 * Refuses triggers and views that the journal does not have: in somebody else's file, they could change answers as they
 * are written. Definitions that differ otherwise count as damage, and the rows go to a new file.
 */
export function checkSchema(path: string, database: DatabaseSync): void {
  const fresh = new DatabaseSync(':memory:');
  fresh.exec(SCHEMA);
  const expected = readSchema(fresh);
  fresh.close();
  const found = readSchema(database);
  const foreign = found.find(({ name }) => !expected.some((own) => own.name === name));
  if (foreign !== undefined && found.length > expected.length) {
    throw new InvalidFileError(
      path,
      `has the ${foreign.type} ${quoted(foreign.name)}, which is not a journal's.`,
      {
        hint: 'Use another run directory. If the file is your own, remove it with SQLite.',
      },
    );
  }
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw damaged('the tables of the journal are damaged');
}

function readSchema(database: DatabaseSync): { type: string; name: string; sql: string }[] {
  return database
    .prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name')
    .all()
    .map(({ type, name, sql }) => ({ type: String(type), name: String(name), sql: String(sql) }));
}

const quoted = (name: string) => JSON.stringify(name.slice(0, 80));

function damaged(problem: string): Error {
  return Object.assign(new Error(problem), { errcode: CORRUPT });
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** SQLite reads a log up to its first damaged frame. Intact rows after that were paid for as well. */
function addMissing(database: DatabaseSync, pages: JournalPages): void {
  const known = database.prepare('SELECT 1 FROM calls WHERE key = ?');
  const missing = new Map<string, StoredRow>();
  for (const row of pages.rowsInLog()) {
    const key = String(row.columns[0]);
    if (isIntact(row) && known.get(key) === undefined) missing.set(key, row);
  }
  if (missing.size > 0) insertRows(database, missing.values());
}

/** How many rows are looked up by key when a journal is opened. */
const SAMPLE = 200;

/**
 * Looks for a damaged index. SQLite does not notice damage that leaves the index well-formed: it no longer finds some
 * keys, and those calls would be paid for again. Only a sample is checked, so that even a long journal opens within
 * milliseconds; damage that the sample misses hides few rows.
 */
export function checkTables(database: DatabaseSync): void {
  // Fails if the table definitions are damaged.
  database.prepare(INSERT_ROW);
  const last = Number(database.prepare('SELECT MAX(rowid) AS last FROM calls').get()?.last ?? 0);
  const keyOf = database.prepare('SELECT key FROM calls NOT INDEXED WHERE rowid = ?');
  const rowOf = database.prepare('SELECT rowid FROM calls WHERE key = ?');
  // Keys are hashes, so evenly spaced rows are spread at random over the index.
  for (let row = last; row > 0; row -= Math.ceil(last / SAMPLE)) {
    const stored = keyOf.get(row);
    if (stored !== undefined && rowOf.get(String(stored.key)) === undefined) {
      throw damaged('the index of the journal is damaged');
    }
  }
}

function isIntact({ columns }: StoredRow): boolean {
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
 * Replaces a damaged journal with a new one that contains every intact row, and keeps the damaged file beside it. If
 * the process is killed on the way, either the damaged journal is still in place, or the new one is complete and the
 * next process that opens the run puts it in place.
 *
 * @param foreign Whether the file is not an SQLite file at all.
 * @throws InvalidFileError if `foreign` and the file contains no row of a journal.
 */
export function replaceJournal(path: string, pages: JournalPages, foreign: boolean): JournalRecovery {
  const replacement = replacementOf(path);
  removeDatabase(replacement);
  const database = openDatabase(replacement);
  let kept = 0;
  let lastRow = 0;
  function* intactRows(): Generator<StoredRow> {
    for (const row of pages.rows()) {
      if (!isIntact(row)) continue;
      lastRow = Math.max(lastRow, row.rowid);
      yield row;
    }
  }
  try {
    insertRows(database, intactRows());
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
  // Rows are numbered from 1, and a gap is left only where a damaged row was replaced. A row number may itself be
  // damaged, so an implausible result counts as unknown.
  const lost = lastRow - kept;
  return { kept, lost: lost >= 0 && lost <= MAX_PLAUSIBLE_LOSS ? lost : null, keptAs };
}

const MAX_PLAUSIBLE_LOSS = 100_000_000;

/** Finishes a replacement. Its new journal is complete once the damaged one has been moved away. */
function finishReplacing(path: string): void {
  const replacement = replacementOf(path);
  if (existsSync(path) || !existsSync(replacement)) return;
  // The log belongs to the damaged file; SQLite would apply it to the new one.
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

/** The error for a journal that cannot be opened. */
export function toOpenError(path: string, cause: unknown): Error {
  if (cause instanceof RunConflictError || cause instanceof InvalidFileError) return cause;
  return new RunStorageError(`The journal ${path} cannot be opened (${(cause as Error).message}).`, {
    hint: 'Check that the directory exists and is writable, or use another run directory.',
    cause,
  });
}
