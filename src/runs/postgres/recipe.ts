import { type PostgresAddress, parsePostgresUrl } from './address.ts';
import { connect } from './connect.ts';
import type { Database } from './database.ts';
import { hasTables } from './schema.ts';

/** Keeps what a run is about in its row. */
export async function saveRecipe(
  database: Database,
  { schema, run }: PostgresAddress,
  recipe: object,
): Promise<void> {
  await database.query(`UPDATE ${schema}.runs SET recipe = $2 WHERE name = $1`, [
    run,
    JSON.stringify(recipe),
  ]);
}

/**
 * What a run is about, as a process that works on it has kept it. Null if there is no such run yet, or nothing was kept.
 *
 * @throws InvalidOptionError if the URL is not one of a run.
 * @throws RunStorageError if the database cannot be reached or refuses.
 */
export async function readRunRecipe(url: string): Promise<unknown> {
  const address = parsePostgresUrl(url, 'run');
  const { schema, run } = address;
  const database = await connect(address);
  try {
    if (!(await hasTables(database, address))) return null;
    const [row] = await database.query<{ recipe: unknown }>(
      `SELECT recipe FROM ${schema}.runs WHERE name = $1`,
      [run],
    );
    return row?.recipe ?? null;
  } finally {
    await database.close();
  }
}
