import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { InvalidFileError, RunConflictError, RunStorageError } from '../errors.ts';
import { NO_USAGE, type Usage } from '../models/chat-model.ts';

const SCHEMA_VERSION = 1;

/** Result codes of SQLite: SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26]);

/** What a journaled call took of which model. */
export interface Spent {
  readonly model: string;
  readonly usage: Usage;
}

interface PendingRow {
  readonly key: string;
  readonly place: string;
  readonly value: string;
  readonly spent: Spent | undefined;
  readonly resolve: (stored: string) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The one durable thing of a run: finished calls by key, in an embedded SQLite file. Rows written in the same
 * tick of the event loop share one commit; `put` resolves when its commit is on disk.
 */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  #pending: PendingRow[] = [];

  /**
   * @param path a file, or `:memory:` for a journal that ends with the process.
   * @throws InvalidFileError when the file is no journal.
   * @throws RunConflictError when it was written by a newer version.
   * @throws RunStorageError when it cannot be opened or written.
   */
  constructor(path: string) {
    this.#database = openDatabase(path);
    this.#get = this.#database.prepare('SELECT value FROM calls WHERE key = ?');
    this.#put = this.#database.prepare(
      `INSERT OR IGNORE INTO calls (key, place, value, model, input_tokens, cached_input_tokens, output_tokens)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** The value stored under `key`, or undefined. */
  get(key: string): string | undefined {
    if (!this.#database.isOpen) throw runClosed();
    const row = this.#get.get(key);
    return row === undefined ? undefined : String(row.value);
  }

  /** Stores a value; resolves once it is on disk, with what the journal holds: the first value of a key stays. */
  put(key: string, place: string, value: string, spent?: Spent): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ key, place, value, spent, resolve, reject });
      if (this.#pending.length === 1) setImmediate(() => this.#commit());
    });
  }

  /** What all journaled calls took, by model id. Read from an index: the answers themselves stay on disk. */
  spending(): Map<string, { calls: number; usage: Usage }> {
    const rows = this.#database
      .prepare(
        `SELECT model, COUNT(*) AS calls, SUM(input_tokens) AS input, SUM(cached_input_tokens) AS cached,
                SUM(output_tokens) AS output
         FROM calls WHERE model IS NOT NULL GROUP BY model`,
      )
      .all();
    return new Map(
      rows.map(({ model, calls, input, cached, output }) => [
        String(model),
        {
          calls: Number(calls),
          usage: {
            inputTokens: Number(input),
            cachedInputTokens: Number(cached),
            outputTokens: Number(output),
          },
        },
      ]),
    );
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.#commit();
    this.#database.close();
  }

  #commit(): void {
    const rows = this.#pending;
    if (rows.length === 0) return;
    this.#pending = [];
    const stored: string[] = [];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const { key, place, value, spent } of rows) {
        const { inputTokens, cachedInputTokens, outputTokens } = spent?.usage ?? NO_USAGE;
        const model = spent?.model ?? null;
        const { changes } = this.#put.run(
          key,
          place,
          value,
          model,
          inputTokens,
          cachedInputTokens,
          outputTokens,
        );
        stored.push(changes === 0 ? (this.get(key) ?? value) : value);
      }
      this.#database.exec('COMMIT');
    } catch (cause) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const error = new RunStorageError(`The journal cannot be written (${(cause as Error).message}).`, {
        hint: 'What it holds is safe: make room or restore access, then run the same program again.',
        cause,
      });
      for (const row of rows) row.reject(error);
      return;
    }
    for (const [index, row] of rows.entries()) row.resolve(stored[index]!);
  }
}

export function runClosed(): RunStorageError {
  return new RunStorageError('The run was closed.', { hint: 'Close it when all work is done.' });
}

function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // The timeout first: another process may hold the file while this one sets the rest.
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
    if (version > SCHEMA_VERSION) {
      throw new RunConflictError(
        `${path} was written by a newer version of aloe-align (journal version ${version}, this one reads ${SCHEMA_VERSION}).`,
        { hint: 'Update aloe-align, or use another run directory.' },
      );
    }
    database.exec(`
      CREATE TABLE IF NOT EXISTS calls (
        key TEXT PRIMARY KEY, place TEXT NOT NULL, value TEXT NOT NULL, model TEXT,
        input_tokens INTEGER NOT NULL, cached_input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
        finished_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
      );
      CREATE INDEX IF NOT EXISTS spending ON calls (model, input_tokens, cached_input_tokens, output_tokens);
      PRAGMA user_version = ${SCHEMA_VERSION};`);
    return database;
  } catch (cause) {
    if (database?.isOpen) database.close();
    if (cause instanceof RunConflictError) throw cause;
    const { message, errcode = 0 } = cause as Error & { errcode?: number };
    if (DAMAGED.has(errcode & 0xff)) {
      throw new InvalidFileError(path, `is not a journal (${message}).`, {
        hint: 'Restore the file, or use another run directory.',
        cause,
      });
    }
    throw new RunStorageError(`The journal ${path} cannot be opened (${message}).`, {
      hint: 'Check that the directory exists and can be written, or use another run directory.',
      cause,
    });
  }
}
