import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient, PoolConfig } from 'pg';
import { AloeError, RunStorageError } from '../../errors.ts';
import { importOptional } from '../../internal/import-optional.ts';
import { messageOf } from '../../internal/message-of.ts';
import { runClosed } from '../../internal/run-storage.ts';
import { sleep } from '../../internal/sleep.ts';
import type { PostgresAddress, TlsFiles } from './address.ts';
import { isAway, mayPass, storageFailure } from './failures.ts';

/** Called when the database cannot be reached, and when it is back. */
export interface OutageListener {
  away(error: unknown, sinceMs: number): void;
  back(sinceMs: number): void;
}

/** The statements of one transaction. */
export interface Transaction {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** How long an operation is repeated while the database is away. */
const PATIENCE_MS = 30 * 60_000;
/** The same while the first connection is made: the address may be wrong. */
const FIRST_PATIENCE_MS = 4_000;
/** Shorter failures are not an outage. */
const OUTAGE_MS = 1_000;
const MAX_DELAY_MS = 5_000;
/** A server that does not answer within this time is treated as away. The statement may still be carried out. */
const QUERY_TIMEOUT_MS = 30_000;
/** The same where there is no hurry to succeed. */
export const SHORT_TIMEOUT_MS = 5_000;

/**
 * A database, through a small pool of connections. An operation that fails for a reason that may pass is done again, for up
 * to half an hour. It may have been carried out the first time as well, so all operations have to be repeatable.
 */
export class Database implements Transaction {
  /** For other tools on the same connections. Its queries are not repeated. */
  readonly pool: Pool;
  readonly #address: PostgresAddress;
  readonly #outage: OutageListener;
  #hasAnswered = false;
  /** Whether the last operation that ended was carried out. */
  #answers = false;
  /** What fails now. A server whose disk is full still answers other operations. */
  readonly #failing = new Set<object>();
  #awaySince: number | undefined;
  #isTold = false;

  private constructor(pool: Pool, address: PostgresAddress, outage: OutageListener) {
    this.pool = pool;
    this.#address = address;
    this.#outage = outage;
    // A connection that breaks while it is idle. The next operation notices by itself.
    pool.on('error', () => {});
  }

  /**
   * @param neededFor What needs the package `pg`, as the user wrote it.
   * @throws MissingPackageError if `pg` is not installed; RunStorageError if a file of the encrypted connection cannot be read.
   */
  static async create(
    address: PostgresAddress,
    outage: OutageListener,
    neededFor: string,
  ): Promise<Database> {
    const { default: pg } = await importOptional<typeof import('pg')>('pg', neededFor);
    return new Database(new pg.Pool(poolOptions(address)), address, outage);
  }

  /** Carries out one statement, and repeats it until it succeeds. @throws RunStorageError if that cannot be. */
  query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#repeated(() => this.queryOnce<Row>(text, values));
  }

  /** Carries out one statement, once, within a few seconds. Errors are those of `pg`. */
  async queryOnce<Row>(text: string, values: readonly unknown[] = [], timeoutMs?: number): Promise<Row[]> {
    const limit = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
    const { rows } = await this.pool.query({ text, values: [...values], ...limit });
    return rows as Row[];
  }

  /** Carries out a transaction, and repeats all of it until it succeeds. @throws RunStorageError if that cannot be. */
  transaction<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value> {
    return this.#repeated(async () => {
      const client = await this.pool.connect();
      try {
        await client.query('BEGIN');
        const value = await work({ query: (text, values = []) => rowsOf(client, text, values) });
        await client.query('COMMIT');
        client.release();
        return value;
      } catch (error) {
        // Its state is not known, and the server rolls back what the connection has begun.
        client.release(true);
        throw error;
      }
    });
  }

  /** Carries out one statement if the database is there, and says nothing if it is not. */
  async tryOnce(text: string, values: readonly unknown[]): Promise<void> {
    await this.queryOnce(text, values, SHORT_TIMEOUT_MS).catch(() => {});
  }

  /** Closes the connections. It does not wait long for a server that is away. */
  async close(): Promise<void> {
    // What failed may not have been tried again since.
    if (this.#answers) this.#tellBack();
    const ended = this.pool.end();
    await Promise.race([ended, pause(SHORT_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /**
   * Tells of an outage, unless it is short. Called by those who repeat their statements themselves.
   *
   * @param who Until `succeeded` is called for it, the database is not said to be back.
   * @param startedAt When the statement was begun, by `performance.now()`: a server that hangs says nothing for long.
   */
  failed(who: object, error: unknown, startedAt: number): void {
    if (!isAway(error)) return;
    this.#failing.add(who);
    this.#answers = false;
    this.#awaySince ??= startedAt;
    const sinceMs = performance.now() - this.#awaySince;
    if (this.#isTold || sinceMs < OUTAGE_MS) return;
    this.#isTold = true;
    this.#outage.away(storageFailure(this.#address, error), sinceMs);
  }

  /** Tells that the database is back, once nothing fails any more. */
  succeeded(who: object): void {
    this.#hasAnswered = true;
    this.#answers = true;
    this.#failing.delete(who);
    if (this.#failing.size === 0) this.#tellBack();
  }

  #tellBack(): void {
    if (this.#awaySince === undefined) return;
    if (this.#isTold) this.#outage.back(performance.now() - this.#awaySince);
    this.#awaySince = undefined;
    this.#isTold = false;
  }

  async #repeated<Value>(work: () => Promise<Value>): Promise<Value> {
    const start = performance.now();
    const operation = {};
    try {
      for (let failures = 0; ; failures++) {
        if (this.pool.ending) throw runClosed();
        const startedAt = performance.now();
        try {
          const value = await work();
          this.succeeded(operation);
          return value;
        } catch (error) {
          // Errors of the work itself.
          if (AloeError.isInstance(error) || error instanceof TypeError) throw error;
          if (this.pool.ending) throw runClosed();
          // A server that says it is starting or full is the right one.
          const isKnown = this.#hasAnswered || 'severity' in (error as object);
          if (isKnown) this.failed(operation, error, startedAt);
          const patience = isKnown ? PATIENCE_MS : FIRST_PATIENCE_MS;
          const waitMs = Math.random() * Math.min(MAX_DELAY_MS, 100 * 2 ** failures);
          if (!mayPass(error) || performance.now() - start + waitMs > patience) {
            throw storageFailure(this.#address, error);
          }
          await sleep(waitMs);
        }
      }
    } finally {
      this.#failing.delete(operation);
    }
  }
}

async function rowsOf<Row>(client: PoolClient, text: string, values: readonly unknown[]): Promise<Row[]> {
  const { rows } = await client.query({ text, values: [...values] });
  return rows as Row[];
}

function poolOptions({
  host,
  port,
  user,
  password,
  database,
  applicationName,
  tls,
}: PostgresAddress): PoolConfig {
  return {
    host,
    port,
    user,
    database,
    // A function, so that no dump of the options shows it. Without one, PGPASSWORD and the password file are asked.
    ...(password !== undefined && { password: () => password }),
    application_name: applicationName ?? `aloe-align ${hostname()}`,
    ssl: tls === null ? false : { ...filesOf(tls), rejectUnauthorized: true },
    max: 4,
    connectionTimeoutMillis: 10_000,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A program that forgets to close the run still ends.
    allowExitOnIdle: true,
  };
}

function filesOf(files: TlsFiles): Partial<Record<'ca' | 'cert' | 'key', string>> {
  const read = ([name, path]: [string, string | undefined]) => {
    if (path === undefined) return [];
    try {
      return [[name, readFileSync(path, 'utf8')]];
    } catch (cause) {
      throw new RunStorageError(`The file ${path} cannot be read (${messageOf(cause)}).`, {
        hint: 'Check sslrootcert, sslcert and sslkey in the URL.',
        cause,
      });
    }
  };
  return Object.fromEntries(Object.entries({ ...files }).flatMap(read));
}
