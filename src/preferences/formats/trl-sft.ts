import { assistant } from '../../messages.ts';
import type { PreferenceFormat } from '../preference-format.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * Supervised fine-tuning with TRL: conversational prompt-completion rows, `{ prompt, completion }`. TRL then
 * trains the completion only, whatever the chat template; with whole `messages` it would train the user's words
 * as well.
 *
 * @throws InvalidOptionError when `system` is empty.
 */
export function trlSft(options: FormatOptions = {}): PreferenceFormat {
  const prompt = promptMessages(options);
  return {
    name: 'trl-sft',
    kind: 'demonstration',
    rows: (record) => [{ prompt: prompt(record), completion: [assistant(record.chosen)] }],
  };
}
