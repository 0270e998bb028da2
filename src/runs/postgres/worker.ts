import { hostname } from 'node:os';
import { sleep } from '../../internal/sleep.ts';
import { type Moment, moment, msSince } from '../../internal/two-clocks.ts';
import type { Amount } from '../spending/shared-books.ts';
import type { PostgresAddress } from './address.ts';
import { type Database, SHORT_TIMEOUT_MS } from './database.ts';
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
}

/** This process among those that work on the run. It reports every few seconds that it is alive. */
export class Worker {
  readonly id: string = crypto.randomUUID();
  readonly #database: Database;
  readonly #address: PostgresAddress;
  readonly #run: number;
  readonly #listeners: ((beat: Beat) => void)[] = [];
  #reported: Moment = { wall: 0, steady: 0 };
  #failure: unknown;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(database: Database, address: PostgresAddress, run: number) {
    this.#database = database;
    this.#address = address;
    this.#run = run;
  }

  /** Registers the process. */
  async open(): Promise<void> {
    const { schema } = this.#address;
    const reported = moment();
    await this.#database.query(
      `INSERT INTO ${schema}.workers (id, run, host, pid, lease_until)
       VALUES ($1, $2, $3, $4, now() + $5 * interval '1 ms') ON CONFLICT DO NOTHING`,
      [this.id, this.#run, hostname(), process.pid, LEASE_MS],
    );
    this.#reported = reported;
    this.#timer = setTimeout(() => void this.#beat(), BEAT_MS).unref();
  }

  /** Called after each report. */
  onBeat(listener: (beat: Beat) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Waits until the other processes know that this one is alive. After a pause of the machine or of the network they may
   * have taken over its calls.
   *
   * @throws RunStorageError if the run was removed. On abort, the signal's reason is thrown.
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
   * @param used What stays of its part of the budget.
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
    try {
      await this.#report();
    } catch {
      // The next report may arrive. Until then no call is sent.
    }
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#beat(), BEAT_MS).unref();
  }

  async #report(): Promise<void> {
    const { schema } = this.#address;
    const reported = moment();
    const [row] = await this.#database.queryOnce<Beat>(
      `UPDATE ${schema}.workers w SET seen_at = now(), lease_until = now() + $2 * interval '1 ms'
       FROM (SELECT id, run, lease_until < now() AS lapsed FROM ${schema}.workers WHERE id = $1 FOR UPDATE) AS before
       WHERE w.id = before.id AND w.closed_at IS NULL
       RETURNING before.lapsed, EXISTS (SELECT FROM ${schema}.workers o
         WHERE o.run = before.run AND o.id <> $1 AND o.needs AND o.lease_until > now()) AS "othersNeed"`,
      [this.id, LEASE_MS],
      SHORT_TIMEOUT_MS,
    );
    if (row === undefined) {
      if (!this.#isClosed) this.#failure = runRemoved(this.#address);
      return;
    }
    // Before it counts as alive again: what it held may be another's by now.
    for (const listener of this.#listeners) listener(row);
    this.#reported = reported;
  }
}
