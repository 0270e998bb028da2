import { assistant } from '../../messages.ts';
import type { DemonstrationFormat } from '../preference-format.ts';
import { uploadLine } from './openai-upload.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * Supervised fine-tuning on hosted APIs (OpenAI, Azure, Together, Fireworks): rows of `{ messages }`. By default they
 * train every assistant message, and an earlier one may be a rejected response that the conversation went on from: so
 * each of those has `weight: 0`, and the last one has 1. `weight` stands on assistant messages only, as the API demands.
 *
 * @throws InvalidOptionError when `system` is empty.
 */
export function openaiSft(options: FormatOptions = {}): DemonstrationFormat {
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
