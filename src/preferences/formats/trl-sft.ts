import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import type { DemonstrationFormat } from '../preference-format.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * Supervised fine-tuning with TRL: conversational prompt-completion rows, `{ prompt, completion }`. TRL then
 * trains the completion only, whatever the chat template; with whole `messages` it would train the user's words
 * as well.
 *
 * @throws InvalidOptionError when `system` is empty.
 */
export function trlSft(options: FormatOptions = {}): DemonstrationFormat {
  const prompt = promptMessages(options);
  return {
    name: 'trl-sft',
    kind: 'demonstration',
    columns: { prompt: MESSAGES, completion: MESSAGES },
    rows: (record) => [{ prompt: prompt(record), completion: [assistant(record.preferred)] }],
  };
}
