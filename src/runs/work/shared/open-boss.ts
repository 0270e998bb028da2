import type { PgBoss } from 'pg-boss';
import { importOptional } from '../../../internal/import-optional.ts';
import type { Database } from '../../postgres/database.ts';
import { hasTable } from '../../postgres/schema.ts';

/** Schema of pg-boss's tables, beside that of the runs. */
export const bossSchema = (schema: string): string => `${schema}_jobs`;

/**
 * Starts pg-boss on the connections of a database, and installs its tables if they are missing.
 *
 * @throws MissingPackageError if `pg-boss` is not installed.
 */
export async function openBoss(database: Database, schema: string): Promise<PgBoss> {
  if (await isThere(database, schema)) return startBoss(database, schema, true);
  // Processes that install the tables at the same moment would be in each other's way.
  const client = await database.pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [bossSchema(schema)]);
    return await startBoss(database, schema, await isThere(database, schema));
  } finally {
    // With its connection, the lock ends.
    client.release(true);
  }
}

async function startBoss(database: Database, schema: string, isInstalled: boolean): Promise<PgBoss> {
  const boss = await createBoss(database, schema, isInstalled);
  await boss.start();
  return boss;
}

async function createBoss(database: Database, schema: string, isInstalled: boolean): Promise<PgBoss> {
  const { PgBoss } = await importOptional<typeof import('pg-boss')>('pg-boss', 'a run in PostgreSQL');
  const boss = new PgBoss({
    db: {
      async executeSql(text, values = []) {
        // Scripts of several statements have no values. They are not repeated.
        if (values.length > 0) return { rows: await database.query(text, values) };
        const result = await database.pool.query(text);
        return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result;
      },
    },
    schema: bossSchema(schema),
    // A role that may not create schemas can work once the owner has.
    createSchema: !isInstalled,
    // By default it looks once a minute for jobs whose workers are gone.
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    registerInstance: false,
  });
  // Its maintenance runs in the background and again a second later.
  boss.on('error', () => {});
  return boss;
}

function isThere(database: Database, schema: string): Promise<boolean> {
  return hasTable(database, bossSchema(schema), 'version');
}

/** Ids of the jobs that a statement has reached. pg-boss returns them, though its types do not say so. */
export function reachedBy(response: object): ReadonlySet<string> {
  const { settled } = response as { readonly settled?: readonly string[] };
  if (settled === undefined) {
    throw new TypeError(
      'This version of pg-boss does not say which jobs it has reached. Install pg-boss 12.38.',
    );
  }
  return new Set(settled);
}
