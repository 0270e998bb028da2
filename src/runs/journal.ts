import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { RunStorageError } from '../errors.ts';
import { NO_USAGE, type Usage } from '../models/chat-model.ts';
import {
  checksumOf,
  isDamage,
  type JournalRecovery,
  type JournalRow,
  openJournalFile,
  replaceJournal,
  toOpenError,
} from './journal-file.ts';
import { openPages } from './salvage/journal-pages.ts';

export type { JournalRecovery } from './journal-file.ts';

/** What a journaled call took of which model. */
export interface Spent {
  readonly model: string;
  readonly usage: Usage;
}

export interface JournalOptions {
  /** Told when a damaged file was replaced by one with all rows that were whole. */
  readonly onRecovered?: ((recovery: JournalRecovery) => void) | undefined;
}

interface PendingRow {
  readonly row: JournalRow;
  readonly resolve: (stored: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Between two commits of a file, so that rows share them: a commit costs about as much as ten rows. */
const COMMIT_PAUSE_MS = 5;
/** A slow disk gets longer pauses: its commits take this share of the time at most. */
const COMMIT_SHARE = 1 / 4;

const ROW = 'key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum';

/**
 * The one durable thing of a run: finished calls by key, in an embedded SQLite file. Rows that come together share
 * one commit; `put` resolves when its commit is on disk. Each row has a checksum: a damaged one is a missing one.
 */
export class Journal {
  readonly #path: string;
  readonly #onRecovered: (recovery: JournalRecovery) => void;
  #database: DatabaseSync;
  #get: StatementSync;
  #put: StatementSync;
  #remove: StatementSync;
  #pending: PendingRow[] = [];
  #nextCommit = 0;

  /**
   * @param path a file, or `:memory:` for a journal that ends with the process.
   * @throws InvalidFileError when the file is no journal.
   * @throws RunConflictError when it was written by a newer version.
   * @throws RunStorageError when it cannot be opened or written.
   */
  constructor(path: string, { onRecovered = () => {} }: JournalOptions = {}) {
    this.#path = path;
    this.#onRecovered = onRecovered;
    this.#database = openJournalFile(path, onRecovered);
    [this.#get, this.#put, this.#remove] = prepare(this.#database);
  }

  /**
   * The value stored under `key`, or undefined.
   *
   * @throws RunStorageError when the journal was closed or cannot be read.
   */
  get(key: string): string | undefined {
    if (!this.#database.isOpen) throw runClosed();
    try {
      return this.#recovering(() => this.#read(key));
    } catch (cause) {
      throw cause instanceof RunStorageError ? cause : storageError('read', cause);
    }
  }

  /** Stores a value; resolves once it is on disk, with what the journal holds: the first value of a key stays. */
  put(key: string, place: string, value: string, spent?: Spent): Promise<string> {
    const { inputTokens, cachedInputTokens, outputTokens } = spent?.usage ?? NO_USAGE;
    const row: JournalRow = {
      key,
      place,
      value,
      model: spent?.model ?? null,
      input_tokens: inputTokens,
      cached_input_tokens: cachedInputTokens,
      output_tokens: outputTokens,
    };
    return new Promise((resolve, reject) => {
      this.#pending.push({ row, resolve, reject });
      if (this.#pending.length > 1) return;
      const waitMs = this.#nextCommit - performance.now();
      if (waitMs > 0) setTimeout(() => this.#commit(), waitMs);
      else setImmediate(() => this.#commit());
    });
  }

  /**
   * What all journaled calls took, by model id. Kept beside the rows: the answers themselves stay on disk.
   *
   * @throws RunStorageError when the journal cannot be read.
   */
  spending(): Map<string, { calls: number; usage: Usage }> {
    const rows = this.#recovering(() =>
      this.#database
        .prepare(
          `SELECT model, calls, input_tokens AS input, cached_input_tokens AS cached, output_tokens AS output
           FROM spending`,
        )
        .all(),
    );
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
    if (this.#database.isOpen) this.#database.close();
  }

  #read(key: string): string | undefined {
    const row = this.#get.get(key) as (JournalRow & { readonly checksum: number }) | undefined;
    return row !== undefined && row.checksum === checksumOf({ ...row, key }) ? row.value : undefined;
  }

  #commit(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const start = performance.now();
    let stored: string[];
    try {
      if (!this.#database.isOpen) throw runClosed();
      stored = this.#recovering(() => this.#write(pending));
    } catch (cause) {
      const error = cause instanceof RunStorageError ? cause : storageError('written', cause);
      for (const { reject } of pending) reject(error);
      return;
    }
    if (this.#path !== ':memory:') {
      const now = performance.now();
      this.#nextCommit = now + Math.max(COMMIT_PAUSE_MS, (now - start) * (1 / COMMIT_SHARE - 1));
    }
    for (const [index, { resolve }] of pending.entries()) resolve(stored[index]!);
  }

  #write(pending: readonly PendingRow[]): string[] {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const stored = pending.map(({ row }) => {
        const columns = [
          row.key,
          row.place,
          row.value,
          row.model,
          row.input_tokens,
          row.cached_input_tokens,
          row.output_tokens,
          checksumOf(row),
        ];
        if (this.#put.run(...columns).changes !== 0) return row.value;
        const first = this.#read(row.key);
        if (first === undefined) {
          this.#remove.run(row.key);
          this.#put.run(...columns);
        }
        return first ?? row.value;
      });
      this.#database.exec('COMMIT');
      return stored;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Does the work; when the file turns out to be damaged, again on the one that takes its place. */
  #recovering<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error) || this.#path === ':memory:') throw error;
    }
    // SQLite must have let go of the file, or what it still holds of it would be written to the new one.
    this.#database.close();
    try {
      const pages = openPages(this.#path);
      try {
        this.#onRecovered(replaceJournal(this.#path, pages, false));
      } finally {
        pages.close();
      }
      this.#database = openJournalFile(this.#path, this.#onRecovered);
      [this.#get, this.#put, this.#remove] = prepare(this.#database);
    } catch (cause) {
      throw toOpenError(this.#path, cause);
    }
    return work();
  }
}

function prepare(database: DatabaseSync): [StatementSync, StatementSync, StatementSync] {
  return [
    database.prepare(`SELECT ${ROW} FROM calls WHERE key = ?`),
    database.prepare(`INSERT OR IGNORE INTO calls (${ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
    database.prepare('DELETE FROM calls WHERE key = ?'),
  ];
}

export function runClosed(): RunStorageError {
  return new RunStorageError('The run was closed.', { hint: 'Close it when all work is done.' });
}

function storageError(what: 'read' | 'written', cause: unknown): RunStorageError {
  return new RunStorageError(`The journal cannot be ${what} (${(cause as Error).message}).`, {
    hint: 'What it holds is safe: make room or restore access, then run the same program again.',
    cause,
  });
}
