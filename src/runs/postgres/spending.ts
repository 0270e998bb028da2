import { addUsage, NO_USAGE, type Usage } from '../../models/chat-model.ts';
import type { SpentByModel } from '../journal/journal-reader.ts';
import type { Transaction } from './database.ts';

/** What one process has recorded of one model. */
export interface Recorded {
  readonly worker: string;
  readonly model: string;
  readonly calls: number;
  readonly usage: Usage;
}

/** What the processes of a run have recorded, in all of its life. */
export async function readSpending(database: Transaction, schema: string, run: number): Promise<Recorded[]> {
  const rows = await database.query<Readonly<Record<string, string>>>(
    `SELECT worker, model, calls, input_tokens, cached_input_tokens, output_tokens FROM ${schema}.spending WHERE run = $1`,
    [run],
  );
  return rows.map((row) => ({
    worker: row.worker!,
    model: row.model!,
    calls: Number(row.calls),
    usage: {
      inputTokens: Number(row.input_tokens),
      cachedInputTokens: Number(row.cached_input_tokens),
      outputTokens: Number(row.output_tokens),
    },
  }));
}

/** The same by model. */
export function spentByModel(recorded: readonly Recorded[]): SpentByModel {
  const spent: SpentByModel = new Map();
  for (const { model, calls, usage } of recorded) {
    const before = spent.get(model) ?? { calls: 0, usage: NO_USAGE };
    spent.set(model, { calls: before.calls + calls, usage: addUsage(before.usage, usage) });
  }
  return spent;
}
