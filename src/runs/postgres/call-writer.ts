import { setImmediate } from 'node:timers/promises';
import { checksumOf, type JournalRow } from '../journal/journal-row.ts';
import type { PostgresAddress } from './address.ts';
import type { Database } from './database.ts';
import { runRemoved } from './run-row.ts';
import type { StoredCalls } from './stored-calls.ts';

/** What {@link CallWriter} works on. */
export interface CallWriterOptions {
  readonly database: Database;
  readonly address: PostgresAddress;
  readonly run: number;
  /** This process, in the books. */
  readonly worker: string;
  readonly stored: StoredCalls;
}

interface Pending {
  readonly row: JournalRow;
  readonly resolve: (stored: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Rows of one commit, and about how long their answers may be together. */
const MAX_ROWS = 1_000;
const MAX_CHARACTERS = 8_000_000;

/** Writes calls. Those that arrive during a commit share the next one. */
export class CallWriter {
  readonly #options: CallWriterOptions;
  readonly #insert: string;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: CallWriterOptions) {
    this.#options = options;
    const { schema } = options.address;
    // A server may be set to answer before a commit is on its disk. One statement books what it inserts and nothing else, so
    // that it can be repeated after a lost answer. A claim ends with the commit of its call. Nothing is left behind of a run that was removed.
    this.#insert = `
      WITH safe AS MATERIALIZED (
        SELECT CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
          THEN set_config('synchronous_commit', 'on', true) END AS set),
      fresh AS (
        INSERT INTO ${schema}.calls (run, key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum)
        SELECT $1, given.* FROM safe, unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) AS given
        WHERE EXISTS (SELECT FROM ${schema}.runs WHERE id = $1)
        ON CONFLICT DO NOTHING
        RETURNING key, model, input_tokens, cached_input_tokens, output_tokens),
      booked AS (
        INSERT INTO ${schema}.spending AS s (run, worker, model, calls, input_tokens, cached_input_tokens, output_tokens)
        SELECT $1, $2::uuid, model, count(*), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens)
        FROM fresh WHERE model IS NOT NULL GROUP BY model
        ON CONFLICT (run, worker, model) DO UPDATE SET calls = s.calls + excluded.calls,
          input_tokens = s.input_tokens + excluded.input_tokens,
          cached_input_tokens = s.cached_input_tokens + excluded.cached_input_tokens,
          output_tokens = s.output_tokens + excluded.output_tokens),
      done AS (
        DELETE FROM ${schema}.claims WHERE run = $1 AND worker = $2::uuid AND key = ANY ($3))
      SELECT key FROM fresh`;
  }

  /** Resolves with what the database has for the key, once it is on its disk. */
  put(row: JournalRow): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ row, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves once nothing is left to write. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Calls that end together share a commit.
    await setImmediate();
    while (this.#pending.length > 0) {
      const batch = this.#nextBatch();
      try {
        const stored = await this.#write(batch.map(({ row }) => row));
        for (const { row, resolve } of batch) resolve(stored.get(row.key)!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = undefined;
  }

  #nextBatch(): Pending[] {
    let characters = 0;
    let rows = 0;
    for (const { row } of this.#pending) {
      characters += row.value.length;
      if (rows > 0 && (rows === MAX_ROWS || characters > MAX_CHARACTERS)) break;
      rows += 1;
    }
    return this.#pending.splice(0, rows);
  }

  async #write(batch: readonly JournalRow[]): Promise<ReadonlyMap<string, string>> {
    const { address, stored } = this.#options;
    const result = new Map<string, string>();
    // In the order of their keys, or two processes with the same keys would lock each other out.
    let rows = [...new Map(batch.toReversed().map((row) => [row.key, row])).values()].sort((a, b) =>
      a.key < b.key ? -1 : 1,
    );
    for (let attempts = 0; rows.length > 0; attempts++) {
      const fresh = new Set((await this.#insertAll(rows)).map(({ key }) => key));
      for (const { key, value } of rows) if (fresh.has(key)) result.set(key, value);
      rows = rows.filter(({ key }) => !fresh.has(key));
      if (rows.length === 0) break;
      for (const { key, value } of await stored.byKey(rows.map(({ key }) => key))) result.set(key, value);
      rows = rows.filter(({ key }) => !result.has(key));
      // A row that is not intact makes way. If there is none at all, somebody has removed the run.
      if (rows.length > 0 && attempts === 2) throw runRemoved(address);
      await stored.removeDamaged(rows.map(({ key }) => key));
    }
    return result;
  }

  #insertAll(rows: readonly JournalRow[]): Promise<{ readonly key: string }[]> {
    const { database, run, worker } = this.#options;
    const column = <Name extends keyof JournalRow>(name: Name) => rows.map((row) => row[name]);
    return database.query(this.#insert, [
      run,
      worker,
      column('key'),
      column('place'),
      column('value'),
      column('model'),
      column('input_tokens'),
      column('cached_input_tokens'),
      column('output_tokens'),
      rows.map(checksumOf),
    ]);
  }
}
