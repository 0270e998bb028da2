import { RunStorageError } from '../../errors.ts';
import type { RunEvent } from '../events.ts';
import type { StoredCall } from '../journal/journal-reader.ts';
import { checksumOf } from '../journal/journal-row.ts';
import { type PostgresAddress, parsePostgresUrl } from '../postgres/address.ts';
import { CallWriter } from '../postgres/call-writer.ts';
import { connect } from '../postgres/connect.ts';
import type { Database } from '../postgres/database.ts';
import { findRun, type RunRow, saveRecords, settleRun } from '../postgres/run-row.ts';
import { hasTables, migrate } from '../postgres/schema.ts';
import { StoredCalls, storable } from '../postgres/stored-calls.ts';
import { Worker } from '../postgres/worker.ts';
import { MERGED_AT_ONCE, type MergeOutcome, type MergeSource, type MergeTarget } from './merge-place.ts';

/** A run in a database, with the connection to it. */
export interface ConnectedRun extends RunRow {
  readonly address: PostgresAddress;
  readonly database: Database;
}

/** @throws RunStorageError if there is no such run. */
export async function connectRun(url: string, onEvent?: (event: RunEvent) => void): Promise<ConnectedRun> {
  const address = parsePostgresUrl(url, 'run');
  const database = await connect(address, onEvent);
  try {
    const row = (await hasTables(database, address)) ? await findRun(database, address) : null;
    if (row !== null) return { ...row, address, database };
    throw new RunStorageError(`${address.name} does not exist.`, { hint: 'Check the name.' });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A run in a database to copy from. Others may work on it. */
export async function databaseSource(url: string): Promise<MergeSource> {
  const { id, header, address, database } = await connectRun(url);
  return {
    header,
    batches: () => readBatches(database, address.schema, id),
    submitted: [],
    close: () => database.close(),
  };
}

async function* readBatches(database: Database, schema: string, run: number): AsyncGenerator<StoredCall[]> {
  for (let last = ''; ; ) {
    const rows = await database.query<Record<keyof StoredCall, string> & { model: string | null }>(
      `SELECT key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum,
         to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS finished_at
       FROM ${schema}.calls WHERE run = $1 AND key > $2 ORDER BY key LIMIT ${MERGED_AT_ONCE}`,
      [run, last],
    );
    if (rows.length === 0) return;
    yield rows.map((row) => ({
      ...row,
      input_tokens: Number(row.input_tokens),
      cached_input_tokens: Number(row.cached_input_tokens),
      output_tokens: Number(row.output_tokens),
      checksum: Number(row.checksum),
    }));
    last = rows.at(-1)!.key;
  }
}

/** A run in a database to copy into. It is created if it does not exist. Others may work on it. */
export async function databaseTarget(url: string, seed: number): Promise<MergeTarget> {
  const address = parsePostgresUrl(url, 'into');
  const database = await connect(address);
  try {
    await migrate(database, address);
    const { id, header } = await settleRun(database, address, seed);
    const worker = new Worker(database, address, id);
    await worker.open();
    const stored = new StoredCalls(database, address.schema, id, 'infinity');
    const writer = new CallWriter({ database, address, run: id, worker: worker.id, stored });
    let tokens = 0;
    return {
      header,
      saveHeader: (changed) => saveRecords(database, address, id, changed),
      async put(rows) {
        const outcomes = await putRows(rows, stored, writer);
        const added = rows.filter((_, index) => outcomes[index] === 'added');
        tokens += added.reduce((sum, row) => sum + row.input_tokens + row.output_tokens, 0);
        return outcomes;
      },
      async close() {
        // What was copied counts against a budget in tokens. Its prices are not known here.
        await worker.close({ usd: 0, tokens });
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function putRows(
  rows: readonly StoredCall[],
  stored: StoredCalls,
  writer: CallWriter,
): Promise<MergeOutcome[]> {
  const there = new Set((await stored.byKey(rows.map(({ key }) => key))).map(({ key }) => key));
  return Promise.all(
    rows.map(async ({ checksum, finished_at: _when, ...row }): Promise<MergeOutcome> => {
      if (checksum !== checksumOf(row)) return 'damaged';
      const value = await writer.put({ ...row, place: storable(row.place) });
      if (value !== row.value) return 'differing';
      return there.has(row.key) ? 'same' : 'added';
    }),
  );
}
