import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Usage } from '../../models/chat-model.ts';
import { checksumOf, FOUND_COLUMNS, type FoundRow, type JournalRow } from './journal-row.ts';
import { ReadAhead } from './read-ahead.ts';

/** Calls and usage by model id. */
export type SpentByModel = Map<string, { calls: number; usage: Usage }>;

/** A row as it is stored. Its checksum may be wrong. */
export interface StoredCall extends JournalRow {
  readonly checksum: number;
  /** ISO 8601. */
  readonly finished_at: string;
}

/** Reads the finished calls in an open journal. A damaged row counts as missing. */
export class JournalReader {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  /** Rows up to this one were there when the reader was made. */
  readonly #lastRow: number;
  readonly #ahead: ReadAhead;
  #earlier: StatementSync | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#get = database.prepare(`SELECT ${FOUND_COLUMNS} FROM calls WHERE key = ?`);
    this.#lastRow = Number(database.prepare('SELECT MAX(rowid) AS last FROM calls').get()?.last ?? 0);
    this.#ahead = new ReadAhead(database, this.#lastRow);
  }

  /** The value stored under `key`, or undefined. */
  get(key: string): string | undefined {
    const ahead = this.#ahead.take(key);
    if (ahead !== undefined) return ahead;
    const found = this.#get.get(key) as FoundRow | undefined;
    // A damaged index could lead to the row of another key.
    if (found?.key !== key || found.checksum !== checksumOf(found)) return undefined;
    this.#ahead.follow(found.row);
    return found.value;
  }

  /** The model of a call at this place that was stored before the reader was made. Undefined if there is none. */
  earlierModel(place: string): string | undefined {
    if (this.#lastRow === 0) return undefined;
    this.#earlier ??= this.#listEarlier();
    return this.#earlier.get(place)?.model as string | undefined;
  }

  /** Number and usage of all journaled calls by model id, read from running totals without loading the answers. */
  spending(): SpentByModel {
    const rows = this.#database
      .prepare(
        `SELECT model, calls, input_tokens AS input, cached_input_tokens AS cached, output_tokens AS output
         FROM spending`,
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

  /** Every row in the order of its writing, with its checksum and when it was written. */
  *rows(): Generator<StoredCall> {
    yield* this.#database
      .prepare(`SELECT ${FOUND_COLUMNS}, finished_at FROM calls ORDER BY rowid`)
      .iterate() as Iterable<object> as Iterable<StoredCall>;
  }

  /** Number of model calls by task, which is the first part of their place. */
  tasks(): Map<string, number> {
    const rows = this.#database
      .prepare(
        `SELECT substr(place, 1, instr(place || '/', '/') - 1) AS task, COUNT(*) AS calls
         FROM calls WHERE model IS NOT NULL GROUP BY task ORDER BY task`,
      )
      .all();
    return new Map(rows.map(({ task, calls }) => [String(task), Number(calls)]));
  }

  /**
   * Indexes the places in a temporary table. An index in the journal would make every write slower, and most processes
   * never ask.
   */
  #listEarlier(): StatementSync {
    this.#database.exec(
      `CREATE TEMP TABLE IF NOT EXISTS earlier (place TEXT PRIMARY KEY, model TEXT NOT NULL) WITHOUT ROWID;
       INSERT OR IGNORE INTO earlier
         SELECT place, model FROM calls WHERE rowid <= ${this.#lastRow} AND model IS NOT NULL AND place <> '';`,
    );
    return this.#database.prepare('SELECT model FROM earlier WHERE place = ?');
  }
}
