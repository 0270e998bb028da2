import type { Job, PgBoss } from 'pg-boss';
import { RunConflictError } from '../../../errors.ts';
import { canonicalJson, sha256 } from '../../../internal/hash.ts';
import { VERSION } from '../../../internal/version.ts';
import type { PostgresAddress } from '../../postgres/address.ts';
import type { Database } from '../../postgres/database.ts';
import type { WorkLabel } from '../run-work.ts';
import { LEASE_SECONDS } from './leases.ts';
import { bossSchema, reachedBy } from './open-boss.ts';

/** Where jobs are kept. */
export interface QueuePlace {
  readonly database: Database;
  readonly boss: PgBoss;
  readonly address: PostgresAddress;
  /** The run among those of the database. */
  readonly run: number;
  /** Id of this process among those that work on the run. */
  readonly worker: string;
}

/** What a job says of itself. The item is not in it: every worker has the list. */
export interface JobData {
  readonly index: number;
  /** For those who watch the run. */
  readonly work?: WorkLabel | undefined;
}

/** A result that a worker has stored. */
export interface StoredResult {
  readonly id: string;
  /** JSON. Null if the job was given up. */
  readonly text: string | null;
}

/** Each lost lease counts as one, and a job that is out of them would block the list. */
const MAX_ATTEMPTS = 1_000;
const DAY_SECONDS = 86_000;
const YEARS_SECONDS = 1_000_000_000;

/** The jobs of one list of a run. */
export class WorkQueue {
  /** Of the queue. It names the run and what the results depend on, so that other settings have other jobs. */
  readonly name: string;
  readonly #place: QueuePlace;
  readonly #list: string;
  readonly #setting: string;

  private constructor(place: QueuePlace, list: string, setting: string) {
    this.#place = place;
    this.#list = list;
    this.#setting = setting;
    this.name = `${queuePrefix(place.run)}${sha256(`${list}\n${setting}`).slice(0, 24)}`;
  }

  /**
   * Joins the workers of a list. The first one clears away what earlier ones left unfinished, and results that are not whole,
   * which are tried again.
   *
   * @throws RunConflictError if others work on a list of this name with other settings.
   */
  static async join(place: QueuePlace, list: string, setting: unknown): Promise<WorkQueue> {
    const queue = new WorkQueue(place, list, sha256(canonicalJson([VERSION, setting])));
    await place.boss.createQueue(queue.name, {
      heartbeatSeconds: LEASE_SECONDS,
      expireInSeconds: DAY_SECONDS,
      retryLimit: MAX_ATTEMPTS,
      retryDelay: 0,
      deleteAfterSeconds: 0,
      retentionSeconds: YEARS_SECONDS,
    });
    await queue.#join();
    return queue;
  }

  async #join(): Promise<void> {
    const { database, address, run, worker } = this.#place;
    const { schema } = address;
    const list = [run, this.#list];
    const isAgreed = await database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [list.join('\n')]);
      const others = await transaction.query<{ setting: string }>(
        `SELECT setting FROM ${schema}.lists l WHERE run = $1 AND list = $2 AND worker <> $3 AND EXISTS (
           SELECT FROM ${schema}.workers w WHERE w.id = l.worker AND w.lease_until > clock_timestamp())`,
        [...list, worker],
      );
      if (others.some(({ setting }) => setting !== this.#setting)) return false;
      await transaction.query(
        `INSERT INTO ${schema}.lists (run, list, worker, setting) VALUES ($1, $2, $3, $4)
         ON CONFLICT (run, list, worker) DO UPDATE SET setting = excluded.setting`,
        [...list, worker, this.#setting],
      );
      if (others.length > 0) return true;
      await transaction.query(
        `DELETE FROM ${bossSchema(schema)}.job WHERE name = $1
           AND (state <> 'completed' OR output->>'isWhole' = 'false')`,
        [this.name],
      );
      return true;
    });
    if (!isAgreed) throw this.differs();
  }

  /** Says that this worker has nothing more to do with the list. */
  async leave(): Promise<void> {
    const { database, address, run, worker } = this.#place;
    await database.query(`DELETE FROM ${address.schema}.lists WHERE run = $1 AND list = $2 AND worker = $3`, [
      run,
      this.#list,
      worker,
    ]);
  }

  /** The same for every worker with the same program. */
  idOf(index: number, content: unknown): string {
    const hex = sha256(canonicalJson([this.name, index, content]));
    // A UUID of version 8, whose bits one may choose.
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** Adds jobs. Those that are there already stay as they are. */
  async add(jobs: readonly (JobData & { readonly id: string })[]): Promise<void> {
    // Without a priority, a job that is given back would come after all others.
    const rows = jobs.map(({ id, index, work }) => ({ id, priority: -index, data: { index, work } }));
    await this.#place.boss.insert(this.name, rows);
  }

  fetch(batchSize: number): Promise<Job<JobData>[]> {
    return this.#place.boss.fetch<JobData>(this.name, { batchSize });
  }

  /** Stores a result. False if another worker has taken over, whose result holds then. */
  async complete(job: Job<object>, text: string, isWhole: boolean): Promise<boolean> {
    const response = await this.#place.boss.complete(this.name, job, { result: text, isWhole });
    return reachedBy(response).has(job.id);
  }

  /** Gives jobs back, so that others can have them at once. */
  async giveBack(jobs: readonly Job<object>[]): Promise<void> {
    if (jobs.length > 0) await this.#place.boss.fail(this.name, [...jobs], { message: 'given back' });
  }

  /** What is stored for these jobs, in their order in the list. */
  results(ids: readonly string[], limit: number): Promise<StoredResult[]> {
    const { database, address } = this.#place;
    return database.query<StoredResult>(
      `SELECT id, CASE WHEN state = 'completed' THEN output->>'result' END AS text
       FROM ${bossSchema(address.schema)}.job
       WHERE name = $1 AND id = ANY($2::uuid[]) AND state IN ('completed', 'cancelled', 'failed')
       ORDER BY priority DESC LIMIT $3`,
      [this.name, ids, limit],
    );
  }

  /** The error for a worker whose list is not that of the others. */
  differs(): RunConflictError {
    return new RunConflictError(
      `Another process works on ${this.#list} of ${this.#place.address.name} with other items, models, prompts, settings or another version of aloe-align.`,
      {
        hint: 'Start the same program everywhere. If the other one was killed, try again in 10 seconds.',
      },
    );
  }
}

/** How the names of a run's queues begin. */
export function queuePrefix(run: number): string {
  return `run-${run}-`;
}
