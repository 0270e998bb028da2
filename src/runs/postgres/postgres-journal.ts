import { NO_USAGE } from '../../models/chat-model.ts';
import type { Spent } from '../journal/journal.ts';
import type { RunJournal } from '../run-store.ts';
import type { CallWriter } from './call-writer.ts';
import type { Claims } from './claims.ts';
import type { PostgresReader } from './postgres-reader.ts';
import { storable } from './stored-calls.ts';

/** What {@link postgresJournal} puts together. */
export interface PostgresJournalParts {
  readonly reader: PostgresReader;
  readonly writer: CallWriter;
  readonly claims: Claims;
}

/** The finished calls of a run in a database. */
export function postgresJournal({ reader, writer, claims }: PostgresJournalParts): RunJournal {
  async function put(key: string, place: string, value: string, spent?: Spent): Promise<string> {
    const { inputTokens, cachedInputTokens, outputTokens } = spent?.usage ?? NO_USAGE;
    const stored = await writer.put({
      key,
      place: storable(place),
      value,
      model: spent === undefined ? null : storable(spent.model),
      input_tokens: inputTokens,
      cached_input_tokens: cachedInputTokens,
      output_tokens: outputTokens,
    });
    reader.keep(key, stored);
    return stored;
  }

  return {
    get: (key, place) => reader.get(key, place),
    earlierModel: (place) => reader.earlierModel(place),
    spending: () => reader.spending(),
    put,
    claim: (key) => claims.claim(key),
  };
}
