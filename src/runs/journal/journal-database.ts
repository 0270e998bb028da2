import { DatabaseSync } from 'node:sqlite';
import { InvalidFileError, RunConflictError } from '../../errors.ts';
import { sqliteCode } from '../../internal/sqlite-code.ts';
import { PAGE_BYTES } from './salvage/journal-pages.ts';

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

/** Adds a row; one whose key is there already stays. */
export const INSERT_ROW: string = `INSERT OR IGNORE INTO calls (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** SQLite result codes. A statement that does not match the tables fails with SQLITE_ERROR (1). */
const NO_SUCH_TABLE = 1;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Whether SQLite reports a damaged file. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Whether SQLite reports that the file is not a database at all. */
export const isNotADatabase = (error: unknown): boolean => sqliteCode(error) === NOT_A_DATABASE;

/** Whether a statement does not match the tables. */
export const isMissingTable = (error: unknown): boolean => sqliteCode(error) === NO_SUCH_TABLE;

/**
 * Opens the database of a journal, and creates its tables in a new one.
 *
 * @throws InvalidFileError if it has triggers or views that a journal does not have.
 * @throws RunConflictError if a newer version wrote it.
 */
export function openDatabase(path: string): DatabaseSync {
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
  const expected = expectedSchema();
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

let expectedDefinitions: readonly Definition[] | undefined;

/** What SQLite says of a new journal. Read once: an open would otherwise make a second database. */
function expectedSchema(): readonly Definition[] {
  if (expectedDefinitions === undefined) {
    const fresh = new DatabaseSync(':memory:');
    fresh.exec(SCHEMA);
    expectedDefinitions = readSchema(fresh);
    fresh.close();
  }
  return expectedDefinitions;
}

/** A table, index, trigger or view. */
interface Definition {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

function readSchema(database: DatabaseSync): Definition[] {
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
