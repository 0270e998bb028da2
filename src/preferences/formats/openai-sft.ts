import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { assistant } from '../../messages.ts';
import type { DemonstrationFormat } from '../preference-format.ts';
import { uploadLine } from './openai-upload.ts';
import { promptMessages } from './prompt-messages.ts';
import { SFT_OPTIONS, type SftOptions, sftFormat } from './sft-options.ts';

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
 * @throws InvalidOptionError if an option is invalid.
 */
export function openaiSft(options: SftOptions = {}): DemonstrationFormat {
  refuseUnknownOptions('openaiSft()', options, ['system', ...SFT_OPTIONS]);
  const prompt = promptMessages(options);
  return {
    ...sftFormat('openai-sft', options),
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
