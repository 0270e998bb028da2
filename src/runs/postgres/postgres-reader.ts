import { setImmediate } from 'node:timers/promises';
import { type CallPlace, formatPlace } from '../../models/place.ts';
import type { SpentByModel } from '../journal/journal-reader.ts';
import type { ReadableJournal, Soon } from '../run-store.ts';
import { CallsAhead } from './calls-ahead.ts';
import { type StoredCall, type StoredCalls, type Subject, storable, subjectOf } from './stored-calls.ts';

/** What {@link PostgresReader} reads. */
export interface PostgresReaderOptions {
  readonly stored: StoredCalls;
  /** What the run had spent when it was last looked at. */
  readonly spending: () => SpentByModel;
  /** Whether there were calls when the run was opened. */
  readonly hadCalls: boolean;
}

interface Lookup {
  readonly key: string;
  /** Undefined for a call without a place. */
  readonly subject: string | undefined;
  readonly resolve: (value: string | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the finished calls of a run in a database. The first `get` of a subject, such as a conversation, fetches the calls of all
 * of it, so that a replay asks the database once. Calls that are not among them are looked up by key, many at a time, since
 * another process may have made them meanwhile.
 */
export class PostgresReader implements ReadableJournal {
  readonly #options: PostgresReaderOptions;
  readonly #ahead = new CallsAhead();
  #waiting: Lookup[] = [];
  #fetching = 0;
  /** What was stored while something is fetched, which may not contain it. */
  readonly #storedMeanwhile = new Map<string, string>();

  constructor(options: PostgresReaderOptions) {
    this.#options = options;
  }

  get(key: string, place?: CallPlace): Soon<string | undefined> {
    const subject = place && subjectOf(storable(formatPlace(place)));
    const known = subject === undefined ? undefined : this.#ahead.value(subject, key);
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, subject, resolve, reject });
      if (this.#waiting.length === 1) void this.#fetch();
    });
  }

  earlierModel(place: string): Soon<string | undefined> {
    const { hadCalls, stored } = this.#options;
    if (!hadCalls) return undefined;
    const known = this.#ahead.earlierModel(storable(place));
    return known === null ? stored.early(storable(place)).then((call) => call?.model ?? undefined) : known;
  }

  /** Tells what was stored, which may be missing in what is being fetched. */
  keep(key: string, value: string): void {
    if (this.#fetching > 0) this.#storedMeanwhile.set(key, value);
  }

  spending(): SpentByModel {
    return this.#options.spending();
  }

  async #fetch(): Promise<void> {
    this.#fetching += 1;
    await setImmediate();
    const lookups = this.#waiting;
    this.#waiting = [];
    try {
      const found = await this.#find(lookups);
      for (const { key, resolve } of lookups) resolve(found.get(key) ?? this.#storedMeanwhile.get(key));
    } catch (error) {
      for (const { reject } of lookups) reject(error);
    } finally {
      this.#fetching -= 1;
      if (this.#fetching === 0) this.#storedMeanwhile.clear();
    }
  }

  async #find(lookups: readonly Lookup[]): Promise<ReadonlyMap<string, string>> {
    const { stored } = this.#options;
    const subjects = new Set(lookups.flatMap(({ subject }) => subject ?? []));
    const unknown = [...subjects].filter((subject) => !this.#ahead.has(subject));
    const fetched = unknown.length === 0 ? new Map<string, Subject>() : await stored.byPrefix(unknown);
    for (const [subject, calls] of fetched) this.#ahead.add(subject, calls);
    const found = valuesOf([...fetched.values()].flatMap(({ calls }) => calls));
    // What was just fetched completely need not be asked for again.
    const isKnown = ({ key, subject }: Lookup) =>
      found.has(key) || (subject !== undefined && fetched.get(subject)?.isWhole === true);
    const keys = lookups.filter((lookup) => !isKnown(lookup)).map(({ key }) => key);
    if (keys.length > 0) for (const { key, value } of await stored.byKey(keys)) found.set(key, value);
    return found;
  }
}

function valuesOf(calls: readonly StoredCall[]): Map<string, string> {
  return new Map(calls.map(({ key, value }) => [key, value]));
}
