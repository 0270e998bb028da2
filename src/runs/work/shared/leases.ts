import type { Job, PgBoss } from 'pg-boss';
import { sleep } from '../../../internal/sleep.ts';
import { type Moment, moment, msSince } from '../../../internal/two-clocks.ts';
import { reachedBy } from './open-boss.ts';

/** A job without a sign of life for this long is given to another worker. The least that pg-boss allows. */
export const LEASE_SECONDS = 10;
/** How often this worker says that it is alive. */
const TOUCH_MS = 3_000;
/** Nothing is sent that long after the last sign of life. Earlier than others take over, since clocks are read at different moments. */
const FRESH_MS = 8_000;

/** A job that this worker holds. */
export interface Lease {
  readonly queue: string;
  readonly job: Job<object>;
  /** Aborted when the job was lost to another worker. */
  readonly signal: AbortSignal;
}

/** The jobs that this worker holds. Says that it is alive, and keeps calls back while others may not believe it. */
export class Leases {
  readonly #boss: PgBoss;
  readonly #held = new Map<Lease, AbortController>();
  #confirmed: Moment = moment();
  #touching: Promise<void> | undefined;
  #stop: AbortController | undefined;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** @param fetched When the job was asked for, or earlier. */
  hold(queue: string, job: Job<object>, fetched: Moment): Lease {
    const controller = new AbortController();
    const lease = { queue, job, signal: controller.signal };
    if (this.#held.size === 0) this.#confirmed = fetched;
    this.#held.set(lease, controller);
    if (this.#stop === undefined) void this.#keepTouching();
    return lease;
  }

  drop(lease: Lease): void {
    this.#held.delete(lease);
    if (this.#held.size === 0) this.close();
  }

  /** Says no more that this worker is alive. */
  close(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  /**
   * Called right before a model call is sent. A process that was frozen, or cut off from the database, waits here until it
   * knows which of its jobs it still has.
   *
   * @throws The signal's reason, if its work was lost.
   */
  async beforeSend(signal: AbortSignal | undefined): Promise<void> {
    while (this.#held.size > 0 && !this.#isFresh()) await this.#touch();
    signal?.throwIfAborted();
  }

  #isFresh(): boolean {
    return msSince(this.#confirmed) < FRESH_MS;
  }

  async #keepTouching(): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    while (!stop.signal.aborted) {
      await sleep(TOUCH_MS, stop.signal).catch(() => {});
      // If the database stays away, `beforeSend` fails too, in the work that needs it.
      if (!stop.signal.aborted) await this.#touch().catch(() => {});
    }
  }

  #touch(): Promise<void> {
    this.#touching ??= this.#touchAll().finally(() => {
      this.#touching = undefined;
    });
    return this.#touching;
  }

  async #touchAll(): Promise<void> {
    const start = moment();
    const leases = [...this.#held.keys()];
    for (const [queue, own] of Map.groupBy(leases, (lease) => lease.queue)) {
      // With the jobs and not their ids, a later attempt of another worker is left alone.
      const jobs = own.map(({ job }) => job);
      const alive = reachedBy(await this.#boss.touch(queue, jobs));
      for (const lease of own) {
        if (!alive.has(lease.job.id)) this.#lose(lease);
      }
    }
    this.#confirmed = start;
  }

  #lose(lease: Lease): void {
    const controller = this.#held.get(lease);
    this.drop(lease);
    controller?.abort(new Error('another worker has taken over'));
  }
}
