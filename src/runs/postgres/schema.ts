import { RunConflictError, RunStorageError } from '../../errors.ts';
import type { PostgresAddress } from './address.ts';
import type { Database, Transaction } from './database.ts';

/** Number of the last of the {@link upgrades}. */
const VERSION = 2;

/** 14 compresses a column with lz4. */
const MIN_SERVER = 140_000;

/**
 * The tables of version 1, of all runs in a schema. A row of `calls` has no reference to its run, since checking it would slow every
 * write. Unlogged tables are empty after a crash of the server, which only makes a claim or a pause be forgotten.
 */
const tables = (schema: string, compression: string) => `
  CREATE TABLE ${schema}.version (version integer NOT NULL);
  INSERT INTO ${schema}.version VALUES (1);
  CREATE TABLE ${schema}.runs (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, seed bigint NOT NULL,
    servers jsonb NOT NULL DEFAULT '{}', reported jsonb NOT NULL DEFAULT '{}', recipe jsonb,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE ${schema}.calls (
    run integer NOT NULL, key text COLLATE "C" NOT NULL, place text COLLATE "C" NOT NULL,
    value text ${compression} NOT NULL, model text, input_tokens bigint NOT NULL, cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL, checksum bigint NOT NULL, finished_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, key)
  );
  CREATE INDEX calls_place ON ${schema}.calls (run, place);
  CREATE TABLE ${schema}.workers (
    id uuid PRIMARY KEY, run integer NOT NULL REFERENCES ${schema}.runs ON DELETE CASCADE,
    host text NOT NULL, pid integer NOT NULL, started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(), lease_until timestamptz NOT NULL, closed_at timestamptz,
    grants integer NOT NULL DEFAULT 0, granted_usd double precision NOT NULL DEFAULT 0,
    granted_tokens bigint NOT NULL DEFAULT 0, settled boolean NOT NULL DEFAULT true, needs boolean NOT NULL DEFAULT false
  );
  CREATE INDEX workers_run ON ${schema}.workers (run);
  CREATE TABLE ${schema}.spending (
    run integer NOT NULL, worker uuid NOT NULL, model text NOT NULL, calls bigint NOT NULL, input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL, output_tokens bigint NOT NULL, PRIMARY KEY (run, worker, model)
  ) WITH (fillfactor = 50);
  CREATE TABLE ${schema}.lists (
    run integer NOT NULL, list text NOT NULL, setting text NOT NULL,
    worker uuid NOT NULL REFERENCES ${schema}.workers ON DELETE CASCADE, PRIMARY KEY (run, list, worker)
  );
  CREATE UNLOGGED TABLE ${schema}.claims (
    run integer NOT NULL, key text COLLATE "C" NOT NULL, worker uuid NOT NULL, PRIMARY KEY (run, key)
  );
  CREATE UNLOGGED TABLE ${schema}.limits (
    run integer NOT NULL, model text NOT NULL, requests_at timestamptz NOT NULL, tokens_at timestamptz NOT NULL,
    PRIMARY KEY (run, model)
  ) WITH (fillfactor = 50);`;

/**
 * What each later version adds, so that processes of the version before can go on. In version 2: `steering` has what was done to a run while
 * processes work on it. A process begins with what follows its `steered_from`, and has done everything up to `steered`. It
 * shows itself in `live`.
 */
const upgrades: Readonly<Record<number, (schema: string) => string>> = {
  2: (schema) => `
  CREATE TABLE ${schema}.steering (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run integer NOT NULL REFERENCES ${schema}.runs ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(), host text NOT NULL, pid integer NOT NULL, task jsonb NOT NULL
  );
  CREATE INDEX steering_run ON ${schema}.steering (run, id);
  ALTER TABLE ${schema}.workers ADD COLUMN steered_from integer NOT NULL DEFAULT 0, ADD COLUMN steered integer;
  CREATE UNLOGGED TABLE ${schema}.live (
    worker uuid PRIMARY KEY REFERENCES ${schema}.workers ON DELETE CASCADE, state jsonb NOT NULL
  );`,
};

/**
 * Creates the tables if they do not exist, and brings those of an older version up to date. After that, a role without the
 * right to create any can work.
 *
 * @throws RunConflictError if a newer version made them.
 * @throws RunStorageError if the role may not create them, or the server is too old.
 */
export async function migrate(database: Database, address: PostgresAddress): Promise<void> {
  if ((await versionOf(database, address)) === VERSION) return;
  await database.transaction(async (transaction) => {
    // Other processes that start now wait here.
    await transaction.query("SELECT pg_advisory_xact_lock(hashtext('aloe-align'))");
    let version = await versionOf(transaction, address);
    const { schema } = address;
    if (version === 0) {
      const compression = await compressionOf(transaction, address);
      await transaction.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await transaction.query(tables(schema, compression));
      version = 1;
    }
    for (; version < VERSION; version++) await transaction.query(upgrades[version + 1]!(schema));
    await transaction.query(`UPDATE ${schema}.version SET version = ${VERSION}`);
  });
}

/** Whether the schema has tables of runs. @throws RunConflictError if a newer version made them. */
export async function hasTables(database: Transaction, address: PostgresAddress): Promise<boolean> {
  return (await versionOf(database, address)) > 0;
}

/**
 * Refuses tables of an older version, whose processes cannot be steered.
 *
 * @throws RunConflictError naming the run.
 */
export async function requireSteering(database: Transaction, address: PostgresAddress): Promise<void> {
  if ((await versionOf(database, address)) === VERSION) return;
  throw new RunConflictError(`${address.name} was opened by an older version of aloe-align.`, {
    hint: 'Its processes cannot be steered. Start them with this version.',
  });
}

/** Whether a table exists. `to_regclass` would not see one that another process creates during a transaction. */
export async function hasTable(database: Transaction, schema: string, table: string): Promise<boolean> {
  const found = await database.query(
    'SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = $2',
    [schema, table],
  );
  return found.length > 0;
}

/**
 * The version of the tables. 0 if there are none.
 *
 * @throws RunConflictError if a newer version made them, or another program.
 */
async function versionOf(database: Transaction, address: PostgresAddress): Promise<number> {
  const { schema, name } = address;
  if (!(await hasTable(database, schema, 'version'))) return 0;
  const [row] = await database.query<{ version: unknown }>(`SELECT version FROM ${schema}.version`);
  const version = row?.version;
  if (typeof version === 'number' && version >= 1 && version <= VERSION) return version;
  const makers = typeof version === 'number' ? 'a newer version of aloe-align' : 'another program';
  throw new RunConflictError(`The tables of ${name} were made by ${makers}.`, {
    hint: `${typeof version === 'number' ? 'Update aloe-align, or use' : 'Use'} another schema: &schema=NAME.`,
  });
}

/** lz4 halves the server's work for long answers, but a server may be built without it. */
async function compressionOf(database: Transaction, { name }: PostgresAddress): Promise<string> {
  const [server] = await database.query<{ version: number; lz4: boolean }>(
    `SELECT current_setting('server_version_num')::integer AS version, EXISTS (
       SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) AS lz4`,
  );
  if (server!.version < MIN_SERVER) {
    throw new RunStorageError(`The server of ${name} is too old.`, { hint: 'Use PostgreSQL 14 or newer.' });
  }
  return server!.lz4 ? 'COMPRESSION lz4' : '';
}
