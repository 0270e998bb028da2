import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { assistant } from '../../messages.ts';
import type { DemonstrationFormat } from '../preference-format.ts';
import { uploadLine } from './openai-upload.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * Supervised fine-tuning on hosted APIs (OpenAI, Azure, Together, Fireworks): rows of `{ messages }`. The services train
 * on every assistant message by default, and an earlier one may be a rejected response. So the last assistant message has
 * `weight: 1` and earlier ones `weight: 0`. Other messages have no weight, as the API requires.
 *
 * @example
 * ```ts
 * await new PreferenceExporter({ formats: [openaiSft()] }).write(trees, 'data/');
 * ```
 *
 * @throws InvalidOptionError if `system` is empty.
 */
export function openaiSft(options: FormatOptions = {}): DemonstrationFormat {
  refuseUnknownOptions('openaiSft()', options, ['system']);
  const prompt = promptMessages(options);
  return {
    name: 'openai-sft',
    kind: 'demonstration',
    rows: (record) => [
      {
        messages: [
          ...prompt(record).map((message) =>
            message.role === 'assistant' ? { ...message, weight: 0 } : message,
          ),
          { ...assistant(record.preferred), weight: 1 },
        ],
      },
    ],
    load: uploadLine,
  };
}
