import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { RunStorageError } from '../errors.ts';
import { NO_USAGE, type Usage } from '../models/chat-model.ts';
import { isDamage } from './journal-database.ts';
import { openJournalFile, toOpenError } from './journal-file.ts';
import { JournalReader, type SpentByModel } from './journal-reader.ts';
import { checksumOf, type JournalRow } from './journal-row.ts';
import { type JournalRecovery, replaceJournal } from './replace-journal.ts';
import { openPages } from './salvage/journal-pages.ts';

export type { JournalRecovery } from './replace-journal.ts';

/** The model and the usage of a call. */
export interface Spent {
  readonly model: string;
  readonly usage: Usage;
}

/** Options of {@link Journal}. */
export interface JournalOptions {
  /** Called when a damaged file was replaced by one with all intact rows. */
  readonly onRecovered?: ((recovery: JournalRecovery) => void) | undefined;
}

interface PendingRow {
  readonly row: JournalRow;
  readonly resolve: (stored: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Pause between commits, so that rows share them: one commit costs about as much as ten rows. */
const COMMIT_PAUSE_MS = 5;
/** On a slow disk the pause grows, so that commits take at most this share of the time. */
const MAX_COMMIT_SHARE = 1 / 4;

const ROW = 'key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum';

/**
 * The finished calls of a run by key, in an SQLite file. Rows that arrive together share one commit, and `put` resolves
 * when its commit is on disk. Each row has a checksum; a damaged row counts as missing.
 */
export class Journal {
  readonly #path: string;
  readonly #onRecovered: (recovery: JournalRecovery) => void;
  #database: DatabaseSync;
  #reader: JournalReader;
  #put: StatementSync;
  #remove: StatementSync;
  #pending: PendingRow[] = [];
  #nextCommit = 0;

  /**
   * @param path A file, or `:memory:` for a journal that ends with the process.
   * @throws InvalidFileError if the file is not a journal.
   * @throws RunConflictError if it was written by a newer version.
   * @throws RunStorageError if it cannot be opened or written.
   */
  constructor(path: string, { onRecovered = () => {} }: JournalOptions = {}) {
    this.#path = path;
    this.#onRecovered = onRecovered;
    this.#database = openJournalFile(path, onRecovered);
    this.#reader = new JournalReader(this.#database);
    [this.#put, this.#remove] = prepare(this.#database);
  }

  /**
   * The value stored under `key`, or undefined.
   *
   * @throws RunStorageError if the journal is closed or cannot be read.
   */
  get(key: string): string | undefined {
    return this.#reading(() => this.#reader.get(key));
  }

  /**
   * Stores a value and resolves once it is on disk. A key keeps its first value.
   *
   * @param spent What the call cost, which is added to {@link spending}. Default: nothing.
   * @returns The value the journal has for `key`.
   * @throws RunStorageError if the journal is closed or cannot be written.
   */
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
   * The model of a call at this place that an earlier process stored. Undefined if there is none.
   *
   * @throws RunStorageError if the journal is closed or cannot be read.
   */
  earlierModel(place: string): string | undefined {
    return this.#reading(() => this.#reader.earlierModel(place));
  }

  /**
   * Number and usage of all journaled calls by model id, read from running totals without loading the answers.
   *
   * @throws RunStorageError if the journal is closed or cannot be read.
   */
  spending(): SpentByModel {
    return this.#reading(() => this.#reader.spending());
  }

  /** Writes what is pending and closes the file. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#commit();
    if (this.#database.isOpen) this.#database.close();
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
      this.#nextCommit = now + Math.max(COMMIT_PAUSE_MS, (now - start) * (1 / MAX_COMMIT_SHARE - 1));
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
        const first = this.#reader.get(row.key);
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

  #reading<Result>(work: () => Result): Result {
    if (!this.#database.isOpen) throw runClosed();
    try {
      return this.#recovering(work);
    } catch (cause) {
      throw cause instanceof RunStorageError ? cause : storageError('read', cause);
    }
  }

  /** Does the work. If the file turns out to be damaged, replaces it and does the work again. */
  #recovering<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error) || this.#path === ':memory:') throw error;
    }
    // SQLite has to close the file first, or it would write its cached pages to the new one.
    this.#database.close();
    try {
      const pages = openPages(this.#path);
      try {
        this.#onRecovered(replaceJournal(this.#path, pages, false));
      } finally {
        pages.close();
      }
      this.#database = openJournalFile(this.#path, this.#onRecovered);
      this.#reader = new JournalReader(this.#database);
      [this.#put, this.#remove] = prepare(this.#database);
    } catch (cause) {
      throw toOpenError(this.#path, cause);
    }
    return work();
  }
}

function prepare(database: DatabaseSync): [StatementSync, StatementSync] {
  return [
    database.prepare(`INSERT OR IGNORE INTO calls (${ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
    database.prepare('DELETE FROM calls WHERE key = ?'),
  ];
}

/** The error for a call after {@link Journal.close}. */
export function runClosed(): RunStorageError {
  return new RunStorageError('The run is closed.', { hint: 'Close it only when all work is done.' });
}

/** The error for a journal that is open and fails. */
export function storageError(what: 'read' | 'written', cause: unknown): RunStorageError {
  return new RunStorageError(`The journal cannot be ${what} (${(cause as Error).message}).`, {
    hint: 'Saved calls are safe. Free disk space or restore access, then run the program again to resume.',
    cause,
  });
}
