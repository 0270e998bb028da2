import type { JsonValue } from '../../json-value.ts';
import { assistant } from '../../messages.ts';
import { MESSAGE } from '../columns.ts';
import type { Demonstration, FormatFiles, LoadLine, PreferenceFormat } from '../preference-format.ts';
import { checkEngineOptions, type EngineOptions, stem } from './engine-options.ts';
import { messagePairs } from './message-pairs.ts';
import { promptMessages } from './prompt-messages.ts';
import { sftFormat } from './sft-options.ts';

const DEFAULTS = {
  sft: { learning_rate: 1e-5 },
  dpo: { learning_rate: 5e-6, rl: 'dpo', rl_beta: 0.1 },
} as const;

/**
 * Data for Axolotl (0.19), and a configuration file that trains on it with LoRA, `axolotl-<method>.yaml`.
 *
 * - `sft`: `{ messages }`, where each message has a `train` flag that is true only on the last one.
 * - `dpo`: `{ messages, chosen, rejected }`, each response a single message. Axolotl searches the rendered template for
 *   the response's text to find its start. A response such as `user`, which is also in the template, is cut wrongly.
 *
 * @example
 * ```ts
 * import { axolotl, PreferenceExporter } from 'aloe-align';
 *
 * new PreferenceExporter({ formats: [axolotl({ method: 'dpo', base: 'Qwen/Qwen2.5-0.5B-Instruct' })] });
 * ```
 *
 * @throws InvalidOptionError if an option is invalid.
 */
export function axolotl(options: EngineOptions): PreferenceFormat {
  const { base, method, maxLength, settings } = checkEngineOptions('axolotl()', options);
  const prompt = promptMessages(options);
  const name = `axolotl-${method}`;

  function dataset(path: string, { fileType }: FormatFiles): JsonValue {
    const file = { path, ds_type: fileType === 'parquet' ? 'parquet' : 'json', split: 'train' };
    return method === 'sft'
      ? { ...file, type: 'chat_template', field_messages: 'messages', message_field_training: 'train' }
      : {
          ...file,
          type: 'chat_template.default',
          field_messages: 'messages',
          field_chosen: 'chosen',
          field_rejected: 'rejected',
        };
  }

  const shared = {
    name,
    config: (files: FormatFiles) => ({
      [`${stem(files)}.yaml`]: {
        base_model: base,
        chat_template: 'tokenizer_default',
        datasets: [dataset(files.train, files)],
        ...(files.validation === null ? {} : { test_datasets: [dataset(files.validation, files)] }),
        adapter: 'lora',
        lora_r: 16,
        lora_alpha: 32,
        lora_target_linear: true,
        sequence_len: maxLength,
        sample_packing: false,
        micro_batch_size: 1,
        gradient_accumulation_steps: 16,
        num_epochs: 1,
        optimizer: 'adamw_torch',
        lr_scheduler: 'cosine',
        bf16: 'auto',
        gradient_checkpointing: true,
        output_dir: `${stem(files)}-out`,
        ...DEFAULTS[method],
        ...settings,
      },
    }),
    load: (files: FormatFiles): LoadLine => ({ language: 'sh', code: `axolotl train ${stem(files)}.yaml` }),
  };

  if (method === 'dpo') return { ...shared, ...messagePairs(prompt) };
  return {
    ...shared,
    ...sftFormat(shared.name, options),
    columns: { messages: [{ ...MESSAGE, train: 'boolean' }] },
    rows: (record: Demonstration) => [
      {
        messages: [
          ...prompt(record).map((message) => ({ ...message, train: false })),
          { ...assistant(record.preferred), train: true },
        ],
      },
    ],
  };
}
