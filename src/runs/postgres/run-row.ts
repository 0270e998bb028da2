import { RunConflictError, RunStorageError } from '../../errors.ts';
import type { RunHeader } from '../directory/run-file.ts';
import type { ServerRecords } from '../served/known-servers.ts';
import type { PostgresAddress } from './address.ts';
import type { Database } from './database.ts';

/** A run's row in the table `runs`. */
export interface RunRow {
  readonly id: number;
  readonly header: RunHeader;
}

interface StoredRun extends ServerRecords {
  readonly id: number;
  readonly seed: string;
}

/** Finds a run by its name. Null if there is none. */
export async function findRun(database: Database, { schema, run }: PostgresAddress): Promise<RunRow | null> {
  const [row] = await database.query<StoredRun>(
    `SELECT id, seed, servers, reported FROM ${schema}.runs WHERE name = $1`,
    [run],
  );
  if (row === undefined) return null;
  const { id, seed, servers, reported } = row;
  return { id, header: { seed: Number(seed), servers, reported } };
}

/**
 * Finds a run, or creates it.
 *
 * @param wanted The seed asked for. Default: that of the run, or 0 for a new one.
 * @throws RunConflictError if the run has another seed.
 */
export async function settleRun(
  database: Database,
  address: PostgresAddress,
  wanted: number | undefined,
): Promise<RunRow> {
  await database.query(
    `INSERT INTO ${address.schema}.runs (name, seed) SELECT $1, $2
     WHERE NOT EXISTS (SELECT FROM ${address.schema}.runs WHERE name = $1) ON CONFLICT DO NOTHING`,
    [address.run, wanted ?? 0],
  );
  const row = (await findRun(database, address))!;
  checkSeed(address, row.header.seed, wanted);
  return row;
}

/** @throws RunConflictError if another seed is wanted. */
export function checkSeed({ name }: PostgresAddress, seed: number, wanted: number | undefined): void {
  if (wanted === undefined || wanted === seed) return;
  throw new RunConflictError(`${name} is a run with seed ${seed}, not ${wanted}.`, {
    hint: 'Leave out the seed to work on that run, or use another name.',
  });
}

/** The error for a run that somebody removed while it was open. */
export function runRemoved({ name }: PostgresAddress): RunStorageError {
  return new RunStorageError(`${name} was removed while it was open.`, { hint: 'Start it anew.' });
}

/**
 * Adds to what the run keeps of served models. What other processes have kept meanwhile stays.
 *
 * @throws RunStorageError if the run was removed.
 */
export function saveRecords(
  database: Database,
  address: PostgresAddress,
  id: number,
  { servers, reported }: ServerRecords,
): Promise<void> {
  const { schema } = address;
  return database.transaction(async (transaction) => {
    const [row] = await transaction.query<ServerRecords>(
      `SELECT servers, reported FROM ${schema}.runs WHERE id = $1 FOR UPDATE`,
      [id],
    );
    if (row === undefined) throw runRemoved(address);
    const names = new Map(Object.entries(row.reported));
    for (const [model, said] of Object.entries(reported)) {
      names.set(model, [...new Set([...(names.get(model) ?? []), ...said])]);
    }
    await transaction.query(`UPDATE ${schema}.runs SET servers = $2, reported = $3 WHERE id = $1`, [
      id,
      JSON.stringify({ ...row.servers, ...servers }),
      JSON.stringify(Object.fromEntries(names)),
    ]);
  });
}
