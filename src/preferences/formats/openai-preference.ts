import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import type { PairFormat } from '../preference-format.ts';
import { uploadLine } from './openai-upload.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * Preference fine-tuning on hosted APIs (OpenAI, Azure, Together, Fireworks): rows of
 * `{ input: { messages }, preferred_output, non_preferred_output }`. There are no other keys, each response is one
 * assistant message, and roles are only system, user and assistant, so that all of these services accept the file.
 *
 * @example
 * ```ts
 * await new PreferenceExporter({ formats: [openaiPreference()] }).write(trees, 'data/');
 * ```
 *
 * @throws InvalidOptionError if `system` is empty.
 */
export function openaiPreference(options: FormatOptions = {}): PairFormat {
  refuseUnknownOptions('openaiPreference()', options, ['system']);
  const prompt = promptMessages(options);
  return {
    name: 'openai-preference',
    kind: 'pair',
    columns: { input: { messages: MESSAGES }, preferred_output: MESSAGES, non_preferred_output: MESSAGES },
    rows: (record) => [
      {
        input: { messages: prompt(record) },
        preferred_output: [assistant(record.preferred)],
        non_preferred_output: [assistant(record.rejected)],
      },
    ],
    load: uploadLine,
  };
}
