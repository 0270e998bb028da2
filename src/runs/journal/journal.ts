import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { RunStorageError } from '../../errors.ts';
import { runClosed, runFileError } from '../../internal/run-storage.ts';
import { NO_USAGE, type Usage } from '../../models/chat-model.ts';
import { INSERT_ROW, isDamage } from './journal-database.ts';
import { openJournalFile, toOpenError } from './journal-file.ts';
import { JournalLog, sqliteFlushes } from './journal-log.ts';
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

/** A row in the log, and the value that the journal has for its key. */
interface WrittenRow {
  readonly pending: PendingRow;
  readonly stored: string;
}

/** Pause between commits, so that rows share them: one commit costs about as much as ten rows. */
const COMMIT_PAUSE_MS = 10;
/** If commits block for longer, the pause grows, so that they take at most this share of the time. */
const MAX_COMMIT_SHARE = 1 / 4;

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
  readonly #log: JournalLog;
  #pending: PendingRow[] = [];
  /** Committed and being flushed. */
  #written: readonly WrittenRow[] = [];
  /** True from the first waiting row until its flush has returned. */
  #isCommitting = false;
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
    this.#log = new JournalLog(path);
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
      if (!this.#isCommitting) this.#commitSoon();
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
    const rows = [...this.#written, ...this.#commit()];
    this.#written = [];
    try {
      if (rows.length > 0 && this.#path !== ':memory:') this.#log.flushNow();
      settle(rows);
    } catch (cause) {
      settle(rows, storageError('written', cause));
    }
    this.#log.close();
    if (this.#database.isOpen) this.#database.close();
  }

  #commitSoon(): void {
    this.#isCommitting = true;
    const waitMs = this.#nextCommit - performance.now();
    if (waitMs > 0) setTimeout(() => void this.#commitAndFlush(), waitMs);
    else setImmediate(() => void this.#commitAndFlush());
  }

  async #commitAndFlush(): Promise<void> {
    const start = performance.now();
    const rows = this.#commit();
    this.#written = rows;
    if (rows.length > 0 && this.#path !== ':memory:') {
      const blockedMs = performance.now() - start;
      const error = await this.#log.flush().then(
        () => undefined,
        (cause) => storageError('written', cause),
      );
      this.#nextCommit =
        performance.now() + Math.max(COMMIT_PAUSE_MS, blockedMs * (1 / MAX_COMMIT_SHARE - 1));
      // Otherwise the journal was closed meanwhile, which has flushed and settled them.
      if (this.#written === rows) settle(rows, error);
    } else settle(rows);
    this.#written = [];
    this.#isCommitting = false;
    if (this.#pending.length > 0) this.#commitSoon();
  }

  /** Writes what is pending to the log. If that fails, tells the callers, and none is returned. */
  #commit(): readonly WrittenRow[] {
    const rows = this.#pending;
    if (rows.length === 0) return [];
    this.#pending = [];
    try {
      if (!this.#database.isOpen) throw runClosed();
      return this.#recovering(() => this.#write(rows));
    } catch (cause) {
      const error = cause instanceof RunStorageError ? cause : storageError('written', cause);
      for (const { reject } of rows) reject(error);
      return [];
    }
  }

  #write(rows: readonly PendingRow[]): WrittenRow[] {
    const finishedAt = new Date().toISOString();
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const written = rows.map((pending) => ({ pending, stored: this.#insert(pending.row, finishedAt) }));
      this.#database.exec('COMMIT');
      return written;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Returns the value that the journal has for the row's key. */
  #insert(row: JournalRow, finishedAt: string): string {
    const insert = () =>
      this.#put.run(
        row.key,
        row.place,
        row.value,
        row.model,
        row.input_tokens,
        row.cached_input_tokens,
        row.output_tokens,
        checksumOf(row),
        finishedAt,
      );
    if (insert().changes !== 0) return row.value;
    const first = this.#reader.get(row.key);
    if (first !== undefined) return first;
    this.#remove.run(row.key);
    insert();
    return row.value;
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
    this.#log.close();
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

/** Prepares a database for writing: a commit reaches the log, and {@link JournalLog} flushes it. */
function prepare(database: DatabaseSync): [StatementSync, StatementSync] {
  if (!sqliteFlushes) database.exec('PRAGMA synchronous = NORMAL');
  return [database.prepare(INSERT_ROW), database.prepare('DELETE FROM calls WHERE key = ?')];
}

function settle(rows: readonly WrittenRow[], error?: RunStorageError): void {
  for (const { pending, stored } of rows) {
    if (error === undefined) pending.resolve(stored);
    else pending.reject(error);
  }
}

/** The error for a journal that is open and fails. */
export function storageError(what: 'read' | 'written', cause: unknown): RunStorageError {
  return runFileError(`The journal cannot be ${what}`, cause);
}
