import { addUsage, NO_USAGE, type Usage } from '../../models/chat-model.ts';
import type { AnsweredElsewhere, RunEvent } from '../events.ts';
import type { SpentByModel } from '../journal/journal-reader.ts';
import { modelOfAccount } from '../spending/accounts.ts';
import type { PostgresAddress } from './address.ts';
import type { Database } from './database.ts';
import { readSpending, spentByModel } from './spending.ts';
import type { Worker } from './worker.ts';

/** What {@link Others} works on. */
export interface OthersOptions {
  readonly database: Database;
  readonly address: PostgresAddress;
  readonly run: number;
  readonly worker: Worker;
  readonly onEvent: (event: RunEvent) => void;
}

/** What the other processes of a run have spent and are doing, looked up with each report while there are any. */
export class Others {
  readonly #options: OthersOptions;
  /** What they had recorded when this process joined. */
  readonly #before: SpentByModel;
  #spent: SpentByModel;
  #processes = 0;
  #isReading = false;

  constructor(options: OthersOptions, spent: SpentByModel) {
    this.#options = options;
    this.#before = spent;
    this.#spent = spent;
    options.worker.onBeat(({ others }) => {
      if (this.#isReading || (others === 0 && this.#processes === 0)) return;
      this.#isReading = true;
      // If it fails, the next report tries again.
      void this.#read(others)
        .catch(() => {})
        .finally(() => {
          this.#isReading = false;
        });
    });
  }

  /** What they have recorded in the life of the run. */
  get spent(): SpentByModel {
    return this.#spent;
  }

  async #read(processes: number): Promise<void> {
    const { database, address, run, worker, onEvent } = this.#options;
    const { schema } = address;
    const recorded = await readSpending(database, schema, run);
    const [row] = await database.query<{ inFlight: number | null }>(
      `SELECT sum((l.state->>'inFlight')::integer)::integer AS "inFlight"
       FROM ${schema}.live l JOIN ${schema}.workers w ON w.id = l.worker
       WHERE w.run = $1 AND w.id <> $2 AND w.lease_until > now()`,
      [run, worker.id],
    );
    this.#spent = spentByModel(recorded.filter((own) => own.worker !== worker.id));
    this.#processes = processes;
    onEvent({
      type: 'other-processes',
      processes,
      inFlight: row?.inFlight ?? 0,
      answered: this.#answered(),
    });
  }

  /** What they have recorded since this process came. */
  #answered(): AnsweredElsewhere[] {
    return [...this.#spent].flatMap(([account, { calls, usage }]) => {
      const before = this.#before.get(account) ?? { calls: 0, usage: NO_USAGE };
      if (calls === before.calls) return [];
      return [
        { model: modelOfAccount(account), calls: calls - before.calls, usage: less(usage, before.usage) },
      ];
    });
  }
}

function less(usage: Usage, { inputTokens, cachedInputTokens, outputTokens }: Usage): Usage {
  return addUsage(usage, {
    inputTokens: -inputTokens,
    cachedInputTokens: -cachedInputTokens,
    outputTokens: -outputTokens,
  });
}
