import type { RunHeader } from '../directory/run-file.ts';
import type { RunOptions } from '../run-options.ts';
import type { RunStore } from '../run-store.ts';
import type { PostgresAddress } from './address.ts';
import { Books } from './books.ts';
import { CallWriter } from './call-writer.ts';
import { Claims } from './claims.ts';
import { connect } from './connect.ts';
import type { Database } from './database.ts';
import { Joined } from './joined.ts';
import { Others } from './others.ts';
import { postgresJournal } from './postgres-journal.ts';
import { PostgresReader } from './postgres-reader.ts';
import { saveRecords, settleRun } from './run-row.ts';
import { migrate } from './schema.ts';
import { SharedRate } from './shared-rate.ts';
import { readSpending, spentByModel } from './spending.ts';
import { StoredCalls } from './stored-calls.ts';
import { Worker } from './worker.ts';

/** A run in a PostgreSQL database, and what several processes need to share its work. */
export interface PostgresStore extends RunStore {
  readonly database: Database;
  readonly address: PostgresAddress;
  /** The run's `id` in the table `runs`. */
  readonly runId: number;
  /** This process among those of the run. */
  readonly worker: Worker;
  /** Shows this to those who watch the run. Null to show no more. */
  show(state: (() => object) | null): void;
}

/**
 * Opens a run in a database for this process, beside others, and creates it if it does not exist.
 *
 * @throws MissingPackageError if `pg` is not installed.
 * @throws RunConflictError if the run has another seed, or the tables were made by a newer version.
 * @throws RunStorageError if the database cannot be reached or refuses.
 */
export async function openPostgresStore(
  address: PostgresAddress,
  options: RunOptions,
): Promise<PostgresStore> {
  const database = await connect(address, options.onEvent);
  try {
    await migrate(database, address);
    const { id, header } = await settleRun(database, address, options.seed);
    const worker = new Worker(database, address, id);
    const from = await worker.open();
    const shared = { database, address, run: id, worker };
    const [now] = await database.query<{ text: string }>('SELECT now()::text AS text');
    const stored = new StoredCalls(database, address.schema, id, now!.text);
    const spent = spentByModel(await readSpending(database, address.schema, id));
    const others = new Others({ ...shared, onEvent: options.onEvent ?? (() => {}) }, spent);
    const joined = await Joined.read(shared, from);
    const writer = new CallWriter({ ...shared, worker: worker.id, stored });
    const journal = postgresJournal({
      reader: new PostgresReader({ stored, hadCalls: spent.size > 0, spending: () => others.spent }),
      writer,
      claims: new Claims({ ...shared, stored }),
    });
    const { budget = {}, prices = {} } = options;
    const books = new Books({ ...shared, others, budget, prices });
    return {
      name: address.name,
      dir: null,
      database,
      address,
      runId: id,
      worker,
      header,
      saveHeader: (changed: RunHeader) => saveRecords(database, address, id, changed),
      journal,
      books,
      join: (own) => joined.join(own),
      show: (state) => joined.show(state),
      allowance: (model, limits) => new SharedRate({ ...shared, model, limits }),
      async close() {
        await writer.idle();
        await worker.close(books.used());
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
