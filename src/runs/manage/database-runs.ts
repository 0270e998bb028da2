import { RunConflictError } from '../../errors.ts';
import { parsePostgresUrl } from '../postgres/address.ts';
import { connect } from '../postgres/connect.ts';
import { hasTable, hasTables } from '../postgres/schema.ts';
import { readSpending, spentByModel } from '../postgres/spending.ts';
import { readPause } from '../postgres/steering-log.ts';
import { bossSchema } from '../work/shared/open-boss.ts';
import { queuePrefix } from '../work/shared/work-queue.ts';
import { type ConnectedRun, connectRun } from './merge-database.ts';
import { type RemovedRun, type RunSummary, summarizeSpent } from './run-summary.ts';

interface Facts {
  readonly bytes: string | null;
  readonly changed: Date | null;
  readonly workers: string | null;
}

/** What a run in a database holds. @throws RunStorageError if there is no such run. */
export async function readDatabaseRun(url: string): Promise<RunSummary> {
  const { id, header, address, database } = await connectRun(url);
  const { schema, name } = address;
  try {
    const spent = spentByModel(await readSpending(database, schema, id));
    const tasks = await database.query<{ task: string; calls: string }>(
      `SELECT split_part(place, '/', 1) AS task, count(*) AS calls FROM ${schema}.calls
       WHERE run = $1 AND model IS NOT NULL GROUP BY task ORDER BY task`,
      [id],
    );
    const [facts] = await database.query<Facts>(
      `SELECT sum(pg_column_size(c.*)) AS bytes, max(finished_at) AS changed,
         (${aliveWorkers(schema)}) AS workers FROM ${schema}.calls c WHERE run = $1`,
      [id],
    );
    // Tables of version 1 have none.
    const canPause = await hasTable(database, schema, 'steering');
    const pausedSince = canPause ? await readPause(database, schema, id) : null;
    return {
      dir: name,
      seed: header.seed,
      isFormer: false,
      ...summarizeSpent(spent),
      tasks: Object.fromEntries(tasks.map(({ task, calls }) => [task, Number(calls)])),
      bytes: Number(facts!.bytes ?? 0),
      changed: facts!.changed?.toISOString() ?? null,
      inUseBy: facts!.workers,
      pausedSince: pausedSince?.toISOString() ?? null,
    };
  } finally {
    await database.close();
  }
}

const aliveWorkers = (schema: string) =>
  `SELECT string_agg('process ' || pid || ' on ' || host, ', ') FROM ${schema}.workers
   WHERE workers.run = $1 AND lease_until > now()`;

/** The runs in a database, in the order of their names. The URL may name one, which does not matter. */
export async function listDatabaseRuns(text: string): Promise<RunSummary[]> {
  const url = new URL(text);
  if (!url.searchParams.has('run')) url.searchParams.set('run', 'any');
  const address = parsePostgresUrl(url.href, 'dir');
  const database = await connect(address);
  let names: { name: string }[] = [];
  try {
    if (await hasTables(database, address)) {
      names = await database.query(`SELECT name FROM ${address.schema}.runs ORDER BY name`);
    }
  } finally {
    await database.close();
  }
  const runs: RunSummary[] = [];
  for (const { name } of names) {
    url.searchParams.set('run', name);
    runs.push(await readDatabaseRun(url.href));
  }
  return runs;
}

/**
 * Removes a run from a database: its answers, its books and its jobs.
 *
 * @throws RunConflictError if a process works on it; RunStorageError if there is no such run.
 */
export async function removeDatabaseRun(url: string): Promise<RemovedRun> {
  const run = await connectRun(url);
  const { name } = run.address;
  try {
    const workers = await removeRows(run);
    if (workers === null) return { dir: name, removed: [name], left: [] };
    throw new RunConflictError(`${name} is in use by ${workers}.`, { hint: 'Stop it first.' });
  } finally {
    await run.database.close();
  }
}

/** @returns who works on the run, in which case it stays. */
function removeRows({ id, address, database }: ConnectedRun): Promise<string | null> {
  const { schema } = address;
  return database.transaction(async (transaction) => {
    const [alive] = await transaction.query<{ workers: string | null }>(
      `SELECT (${aliveWorkers(schema)}) AS workers FROM ${schema}.runs WHERE id = $1 FOR UPDATE`,
      [id],
    );
    if (alive?.workers) return alive.workers;
    for (const table of ['calls', 'spending', 'claims', 'limits', 'lists']) {
      await transaction.query(`DELETE FROM ${schema}.${table} WHERE run = $1`, [id]);
    }
    await transaction.query(`DELETE FROM ${schema}.runs WHERE id = $1`, [id]);
    const jobs = bossSchema(schema);
    if (await hasTable(transaction, jobs, 'queue')) {
      for (const table of ['job', 'queue']) {
        await transaction.query(`DELETE FROM ${jobs}.${table} WHERE starts_with(name, $1)`, [
          queuePrefix(id),
        ]);
      }
    }
    return null;
  });
}
