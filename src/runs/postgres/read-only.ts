import { RunStorageError } from '../../errors.ts';
import { createReadOnlyRun } from '../read-only-run.ts';
import type { Run } from '../run-contract.ts';
import type { RunOptions } from '../run-options.ts';
import { ServedModels } from '../served/served-models.ts';
import { callsOf } from '../spending/accounts.ts';
import { StoredAnswers } from '../stored-answers.ts';
import type { PostgresAddress } from './address.ts';
import { connect } from './connect.ts';
import { PostgresReader } from './postgres-reader.ts';
import { checkSeed, findRun } from './run-row.ts';
import { hasTables } from './schema.ts';
import { readSpending, spentByModel } from './spending.ts';
import { StoredCalls } from './stored-calls.ts';

/**
 * Opens a run in a database to replay it. Nothing is written, so a role that may only read is enough.
 *
 * @throws RunStorageError if the database cannot be reached, or holds no such run.
 * @throws RunConflictError if the run has another seed.
 */
export async function openReadOnlyPostgresRun(address: PostgresAddress, options: RunOptions): Promise<Run> {
  const { schema, name } = address;
  const database = await connect(address, options.onEvent);
  try {
    const row = (await hasTables(database, address)) ? await findRun(database, address) : null;
    if (row === null) {
      throw new RunStorageError(`${name} does not exist.`, {
        hint: 'Check the name. Leave out readOnly to begin a run there.',
      });
    }
    const { id, header } = row;
    checkSeed(address, header.seed, options.seed);
    const spent = spentByModel(await readSpending(database, schema, id));
    const stored = new StoredCalls(database, schema, id, 'infinity');
    const journal = new PostgresReader({ stored, hadCalls: spent.size > 0, spending: () => spent });
    const served = new ServedModels({
      run: name,
      before: header,
      stored: (modelId) => callsOf(spent, modelId),
      sameModel: options.sameModel ?? false,
      save: async () => {},
    });
    const run = createReadOnlyRun({
      name,
      dir: null,
      seed: header.seed,
      reason: 'requested',
      spent,
      answers: new StoredAnswers(journal),
      checkModel: (model) => served.check(model),
      checkEmbedder: (embedder) => served.checkEmbedder(embedder),
      close: () => database.close(),
      concurrency: options.concurrency,
      prices: options.prices,
      onEvent: options.onEvent,
    });
    options.onEvent?.({ type: 'run-opened-read-only', dir: name, reason: 'requested' });
    return run;
  } catch (error) {
    await database.close();
    throw error;
  }
}
