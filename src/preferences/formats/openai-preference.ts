import { assistant } from '../../messages.ts';
import type { PreferenceFormat } from '../preference-format.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * Preference fine-tuning on hosted APIs (OpenAI, Azure, Together, Fireworks): rows of
 * `{ input: { messages }, preferred_output, non_preferred_output }` and no other key, one assistant message a
 * side, which is what all of them accept.
 *
 * @throws InvalidOptionError when `system` is empty.
 */
export function openaiPreference(options: FormatOptions = {}): PreferenceFormat {
  const prompt = promptMessages(options);
  return {
    name: 'openai-preference',
    kind: 'pair',
    rows: (record) => [
      {
        input: { messages: prompt(record) },
        preferred_output: [assistant(record.chosen)],
        non_preferred_output: [assistant(record.rejected)],
      },
    ],
  };
}
