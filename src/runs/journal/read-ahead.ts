import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checksumOf, FOUND_COLUMNS, type FoundRow } from './journal-row.ts';

/** Rows that are read together: about what two hundred conversations write in the time of one call. */
const BLOCK = 256;
/** Maximum read at once, in characters of answers. */
const WINDOW = 2 ** 19;
/** Maximum held, in characters. What was read first is dropped first, and looked up by its key if it is needed after all. */
const MAX_HELD = 2 ** 24;

/**
 * Reads the rows around those that were looked up. Rows that were written together are soon asked for together, and reading
 * a block takes a third of the time of looking each row up by its key. A replay reads in many places of the file at once:
 * its first conversation is near the end when the last one starts.
 */
export class ReadAhead {
  readonly #rows: StatementSync;
  readonly #lastRow: number;
  /** Answers read ahead, by key. The oldest comes first. */
  readonly #values = new Map<string, string>();
  /** The last row that was read of each block. */
  readonly #reached = new Map<number, number>();
  #held = 0;

  /** @param lastRow Rows after it are written by this process, which has their answers. */
  constructor(database: DatabaseSync, lastRow: number) {
    this.#rows = database.prepare(
      `SELECT ${FOUND_COLUMNS} FROM calls WHERE rowid > ? AND rowid <= ? ORDER BY rowid`,
    );
    this.#lastRow = lastRow;
  }

  /** The value stored under `key`, if it was read ahead. It is handed out once. */
  take(key: string): string | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.#letGo(key, value);
    return value;
  }

  /** Reads the block of a row that was looked up, unless that has been done. */
  follow(row: number): void {
    const block = Math.floor(row / BLOCK);
    const reached = this.#reached.get(block) ?? block * BLOCK - 1;
    if (row <= reached || row > this.#lastRow) return;
    const end = Math.min((block + 1) * BLOCK - 1, this.#lastRow);
    try {
      this.#reached.set(block, this.#read(reached, end, row));
    } catch {
      // Whoever asks for a row there will see why it cannot be read.
      this.#reached.set(block, end);
    }
    for (const [key, value] of this.#values) {
      if (this.#held <= MAX_HELD) break;
      this.#letGo(key, value);
    }
  }

  /** Reads rows, but for the one that is known. Returns the last one it has come to. */
  #read(after: number, end: number, known: number): number {
    const enough = this.#held + WINDOW;
    for (const found of this.#rows.iterate(after, end)) {
      const row = found as unknown as FoundRow;
      if (row.row === known || row.checksum !== checksumOf(row)) continue;
      this.#values.set(row.key, row.value);
      this.#held += row.value.length;
      if (this.#held > enough) return row.row;
    }
    return end;
  }

  #letGo(key: string, value: string): void {
    this.#values.delete(key);
    this.#held -= value.length;
  }
}
