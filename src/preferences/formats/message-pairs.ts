import { assistant, type Message } from '../../messages.ts';
import { MESSAGE, MESSAGES } from '../columns.ts';
import type { Demonstration, PairFormat } from '../preference-format.ts';

/** Rows of `{ messages, chosen, rejected }` for Axolotl and LLaMA-Factory. Each response is a single message, not a list. */
export function messagePairs(
  prompt: (record: Demonstration) => Message[],
): Pick<PairFormat, 'kind' | 'columns' | 'rows'> {
  return {
    kind: 'pair',
    columns: { messages: MESSAGES, chosen: MESSAGE, rejected: MESSAGE },
    rows: (record) => [
      {
        messages: prompt(record),
        chosen: assistant(record.preferred),
        rejected: assistant(record.rejected),
      },
    ],
  };
}
