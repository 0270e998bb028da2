import { hostname } from 'node:os';
import type { SteeringTask } from '../steering/steering.ts';
import type { PostgresAddress } from './address.ts';
import type { Database, Transaction } from './database.ts';
import { runRemoved } from './run-row.ts';

/** What was done to a run, and when. */
export interface Steered {
  readonly id: number;
  readonly at: Date;
  readonly task: SteeringTask;
}

/** What was done to a run after this one, in its order. */
export function readSteering(
  database: Transaction,
  schema: string,
  run: number,
  after: number,
): Promise<Steered[]> {
  return database.query<Steered>(
    `SELECT id, at, task FROM ${schema}.steering WHERE run = $1 AND id > $2 ORDER BY id`,
    [run, after],
  );
}

/** When the run was paused. Null if it is not. A pause outlives the processes, and ends when the run is resumed. */
export async function readPause(database: Transaction, schema: string, run: number): Promise<Date | null> {
  const [last] = await database.query<Steered>(
    `SELECT at, task FROM ${schema}.steering WHERE run = $1 AND task->>'do' IN ('pause', 'resume')
     ORDER BY id DESC LIMIT 1`,
    [run],
  );
  return last?.task.do === 'pause' ? last.at : null;
}

/**
 * Tells all processes of a run what to do. Doing it twice is the same as once.
 *
 * @returns Its number, or null if the run is paused, or not paused, already.
 * @throws RunStorageError if the run was removed.
 */
export function steerAll(
  database: Database,
  address: PostgresAddress,
  run: number,
  task: SteeringTask,
): Promise<number | null> {
  const { schema } = address;
  return database.transaction(async (transaction) => {
    // One at a time: who reads up to a number must have seen all before it.
    const runs = await transaction.query(`SELECT FROM ${schema}.runs WHERE id = $1 FOR NO KEY UPDATE`, [run]);
    if (runs.length === 0) throw runRemoved(address);
    if (task.do !== 'retune') {
      const isPaused = (await readPause(transaction, schema, run)) !== null;
      if (isPaused === (task.do === 'pause')) return null;
    }
    const [added] = await transaction.query<Steered>(
      `INSERT INTO ${schema}.steering (run, host, pid, task) VALUES ($1, $2, $3, $4) RETURNING id`,
      [run, hostname(), process.pid, JSON.stringify(task)],
    );
    return added!.id;
  });
}
