import { checksumOf, type JournalRow } from '../journal/journal-row.ts';
import type { Database } from './database.ts';

/** A row of `calls` as `pg` returns it: numbers of 64 bits are text. */
interface CallRow {
  readonly key: string;
  readonly place: string;
  readonly value: string;
  readonly model: string | null;
  readonly input_tokens: string;
  readonly cached_input_tokens: string;
  readonly output_tokens: string;
  readonly checksum: string;
  readonly early: boolean;
  /** Tells versions of a row apart. */
  readonly version: string;
}

/** A call that is intact. */
export interface StoredCall {
  readonly key: string;
  readonly place: string;
  readonly value: string;
  readonly model: string | null;
  /** Whether it was there when the run was opened. */
  readonly early: boolean;
}

/** The calls of one subject, such as a conversation. */
export interface Subject {
  readonly calls: readonly StoredCall[];
  /** Whether these are all. */
  readonly isWhole: boolean;
}

/** Calls of one subject that are fetched together. One with more, such as that of a whole program, is read call by call. */
const MAX_AHEAD = 512;

/** The beginning of a place that all calls of its subject share: `task/subject/`. */
export function subjectOf(place: string): string {
  return place.slice(0, place.indexOf('/', place.indexOf('/') + 1) + 1);
}

/** Reads the calls of one run. A damaged row counts as missing. */
export class StoredCalls {
  readonly #database: Database;
  readonly #select: string;
  readonly #remove: string;
  readonly #run: number;
  readonly #openedAt: string;

  /** @param openedAt The database's time when the run was opened. */
  constructor(database: Database, schema: string, run: number, openedAt: string) {
    this.#database = database;
    this.#run = run;
    this.#openedAt = openedAt;
    this.#remove = `DELETE FROM ${schema}.calls c USING unnest($2::text[], $3::text[]) AS damaged (key, version)
      WHERE c.run = $1 AND c.key = damaged.key AND c.xmin::text = damaged.version`;
    this.#select = `SELECT c.key, c.place, c.value, c.model, c.input_tokens, c.cached_input_tokens, c.output_tokens, c.checksum,
      c.finished_at <= $2 AS early, c.xmin::text AS version FROM ${schema}.calls c`;
  }

  /** Calls by key. */
  async byKey(keys: readonly string[]): Promise<StoredCall[]> {
    return (await this.#rowsByKey(keys)).filter(isIntact);
  }

  /** Removes those of these rows that are damaged, unless another process has replaced them meanwhile. */
  async removeDamaged(keys: readonly string[]): Promise<void> {
    const damaged = (await this.#rowsByKey(keys)).filter((row) => !isIntact(row));
    if (damaged.length === 0) return;
    const columns = [damaged.map(({ key }) => key), damaged.map(({ version }) => version)];
    await this.#database.query(this.#remove, [this.#run, ...columns]);
  }

  /** The calls at places that begin with one of these texts, each of which ends with "/". */
  async byPrefix(prefixes: readonly string[]): Promise<ReadonlyMap<string, Subject>> {
    // "0" is the character after "/".
    const rows = await this.#rows(
      `SELECT found.* FROM unnest($3::text[]) AS wanted (prefix), LATERAL (
         ${this.#select} WHERE c.run = $1 AND c.place >= wanted.prefix COLLATE "C"
           AND c.place < (left(wanted.prefix, -1) || '0') COLLATE "C" ORDER BY c.place LIMIT ${MAX_AHEAD}) AS found`,
      prefixes,
    );
    const byPrefix = Map.groupBy(rows, ({ place }) => subjectOf(place));
    return new Map(
      prefixes.map((prefix) => {
        const found = byPrefix.get(prefix) ?? [];
        return [prefix, { calls: found.filter(isIntact), isWhole: found.length < MAX_AHEAD }];
      }),
    );
  }

  /** The earliest call at a place that was there when the run was opened. */
  async early(place: string): Promise<StoredCall | undefined> {
    const found = await this.#read(
      `${this.#select} WHERE c.run = $1 AND c.place = ANY ($3) AND c.model IS NOT NULL AND c.finished_at <= $2
       ORDER BY c.finished_at LIMIT 1`,
      [place],
    );
    return found[0];
  }

  #rowsByKey(keys: readonly string[]): Promise<CallRow[]> {
    return this.#rows(`${this.#select} WHERE c.run = $1 AND c.key = ANY ($3)`, keys);
  }

  async #read(text: string, wanted: readonly string[]): Promise<StoredCall[]> {
    return (await this.#rows(text, wanted)).filter(isIntact);
  }

  #rows(text: string, wanted: readonly string[]): Promise<CallRow[]> {
    return this.#database.query(text, [this.#run, this.#openedAt, wanted]);
  }
}

function isIntact(row: CallRow): boolean {
  const { key, place, value, model } = row;
  const read: JournalRow = {
    key,
    place,
    value,
    model,
    input_tokens: Number(row.input_tokens),
    cached_input_tokens: Number(row.cached_input_tokens),
    output_tokens: Number(row.output_tokens),
  };
  return Number(row.checksum) === checksumOf(read);
}

/** Text that a database can hold: no NUL and no half of a surrogate pair. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
