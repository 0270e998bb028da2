import { hostname } from 'node:os';
import { AloeError } from '../../errors.ts';
import { sleep } from '../../internal/sleep.ts';
import { type Moment, moment, msSince } from '../../internal/two-clocks.ts';
import type { Amount } from '../spending/shared-books.ts';
import type { PostgresAddress } from './address.ts';
import { type Database, SHORT_TIMEOUT_MS } from './database.ts';
import { mayPass, storageFailure } from './failures.ts';
import { runRemoved } from './run-row.ts';

/** A process that does not report for this long is taken for dead: its claims and its unspent budget go to others. */
const LEASE_MS = 10_000;
const BEAT_MS = 2_500;
/** The process itself stops sending this much earlier. */
const MARGIN_MS = 2_000;

/** What a process learns when it reports. */
export interface Beat {
  /** Whether it had been taken for dead. */
  readonly lapsed: boolean;
  /** Whether another process waits for budget. */
  readonly othersNeed: boolean;
  /** Number of other processes that are alive. */
  readonly others: number;
}

/** What a process tells of itself with each report. */
export interface Reported {
  /** The last steering that it has followed. */
  readonly steered: number;
  /** What it shows to those who watch. */
  readonly state: object;
  /** Follows what came after, up to this one. */
  follow(newest: number): Promise<void>;
}

interface BeatRow extends Beat {
  /** The last steering of the run. 0 if there is none. */
  readonly newest: number;
}

/** This process among those that work on the run. It reports every few seconds that it is alive. */
export class Worker {
  readonly id: string = crypto.randomUUID();
  readonly #database: Database;
  readonly #address: PostgresAddress;
  readonly #run: number;
  readonly #listeners: ((beat: Beat) => void)[] = [];
  #reported: Moment = { wall: 0, steady: 0 };
  #told: Reported | undefined;
  #failure: unknown;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(database: Database, address: PostgresAddress, run: number) {
    this.#database = database;
    this.#address = address;
    this.#run = run;
  }

  /**
   * Registers the process.
   *
   * @returns where steering begins for it: where it began for those that work already, or with what comes now.
   */
  async open(): Promise<number> {
    const { schema } = this.#address;
    const reported = moment();
    await this.#database.query(
      `INSERT INTO ${schema}.workers (id, run, host, pid, lease_until, steered_from)
       VALUES ($1, $2, $3, $4, now() + $5 * interval '1 ms', coalesce(
         (SELECT min(steered_from) FROM ${schema}.workers WHERE run = $2 AND lease_until > now()),
         (SELECT max(id) FROM ${schema}.steering WHERE run = $2), 0)) ON CONFLICT DO NOTHING`,
      [this.id, this.#run, hostname(), process.pid, LEASE_MS],
    );
    const [row] = await this.#database.query<{ from: number }>(
      `SELECT steered_from AS from FROM ${schema}.workers WHERE id = $1`,
      [this.id],
    );
    if (row === undefined) throw runRemoved(this.#address);
    this.#reported = reported;
    this.#timer = setTimeout(() => void this.#beat(), BEAT_MS).unref();
    return row.from;
  }

  /** Reports this too, from now on and at once. */
  tell(told: Reported): void {
    this.#told = told;
    clearTimeout(this.#timer);
    void this.#beat();
  }

  /** Called after each report. */
  onBeat(listener: (beat: Beat) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Waits until the other processes know that this one is alive. After a pause of the machine or of the network they may
   * have taken over its calls.
   *
   * @throws RunStorageError if the run was removed or the database refuses. On abort, the signal's reason is thrown.
   */
  async alive(signal?: AbortSignal): Promise<void> {
    while (!this.isAlive) {
      if (this.#failure !== undefined) throw this.#failure;
      await sleep(100, signal);
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  get isAlive(): boolean {
    return msSince(this.#reported) < LEASE_MS - MARGIN_MS;
  }

  /**
   * Says that the process has left. If the database is away, the others notice by themselves.
   *
   * @param used What it has spent. The rest of its part of the budget goes back.
   */
  async close({ usd, tokens }: Amount): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#database.tryOnce(
      `UPDATE ${this.#address.schema}.workers SET closed_at = now(), lease_until = now(), needs = false, settled = true,
         granted_usd = $2, granted_tokens = $3, grants = grants + 1
       WHERE id = $1 AND closed_at IS NULL`,
      [this.id, usd, tokens],
    );
  }

  async #beat(): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.#report();
      this.#database.succeeded(this);
    } catch (error) {
      // The next report may arrive. Until then no call is sent.
      if (!this.#isClosed) this.#database.failed(this, error, startedAt);
      if (!mayPass(error)) this.#failure = failureOf(this.#address, error);
    }
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#beat(), BEAT_MS).unref();
  }

  async #report(): Promise<void> {
    const { schema } = this.#address;
    const reported = moment();
    const told = this.#told;
    const [row] = await this.#database.queryOnce<BeatRow>(
      `WITH shown AS (
         INSERT INTO ${schema}.live (worker, state) SELECT id, $4::jsonb FROM ${schema}.workers
         WHERE id = $1 AND $4::jsonb IS NOT NULL
         ON CONFLICT (worker) DO UPDATE SET state = excluded.state)
       UPDATE ${schema}.workers w SET seen_at = now(), lease_until = now() + $2 * interval '1 ms', steered = $3
       FROM (SELECT id, run, lease_until < now() AS lapsed FROM ${schema}.workers WHERE id = $1 FOR UPDATE) AS before
       WHERE w.id = before.id AND w.closed_at IS NULL
       RETURNING before.lapsed,
         (SELECT coalesce(max(s.id), 0) FROM ${schema}.steering s WHERE s.run = before.run) AS newest,
         (SELECT count(*)::integer FROM ${schema}.workers o
           WHERE o.run = before.run AND o.id <> $1 AND o.lease_until > now()) AS others,
         EXISTS (SELECT FROM ${schema}.workers o
           WHERE o.run = before.run AND o.id <> $1 AND o.needs AND o.lease_until > now()) AS "othersNeed"`,
      [this.id, LEASE_MS, told?.steered ?? null, told === undefined ? null : JSON.stringify(told.state)],
      SHORT_TIMEOUT_MS,
    );
    if (row === undefined) {
      if (!this.#isClosed) this.#failure = runRemoved(this.#address);
      return;
    }
    // Before it counts as alive again: what it held may be another's by now, and the run may have been paused.
    for (const listener of this.#listeners) listener(row);
    if (told !== undefined && row.newest > told.steered) {
      await told.follow(row.newest);
      // Whoever steers waits for it.
      return this.#report();
    }
    this.#reported = reported;
  }
}

/** The error of a report that will not succeed later either. */
function failureOf(address: PostgresAddress, error: unknown): unknown {
  return AloeError.isInstance(error) ? error : storageFailure(address, error);
}
