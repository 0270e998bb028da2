import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import type { Demonstration, FormatFiles, LoadLine, PreferenceFormat } from '../preference-format.ts';
import { checkEngineOptions, type EngineOptions, stem } from './engine-options.ts';
import { messagePairs } from './message-pairs.ts';
import { promptMessages } from './prompt-messages.ts';
import { sftFormat } from './sft-options.ts';

/** Options of {@link llamaFactory}. */
export interface LlamaFactoryOptions extends EngineOptions {
  /** LLaMA-Factory's name for the chat template. Default: the template of the model's tokenizer. */
  readonly template?: string | undefined;
}

const DEFAULTS = {
  // Trains only the last message: earlier ones may be rejected responses that the conversation continued from.
  sft: { learning_rate: 1e-5, mask_history: true },
  dpo: { learning_rate: 5e-6, pref_beta: 0.1, pref_loss: 'sigmoid' },
} as const;

/** Not `openai`, whose converter adds "detailed thinking off" to the system prompt (0.9.5). */
const FORMATTING = {
  formatting: 'sharegpt',
  tags: {
    role_tag: 'role',
    content_tag: 'content',
    user_tag: 'user',
    assistant_tag: 'assistant',
    system_tag: 'system',
  },
} as const;

/**
 * Data for LLaMA-Factory (0.9.5), its entries in `dataset_info.json`, and a configuration file that trains on it with
 * LoRA, `llama-factory-<method>.yaml`. Run `llamafactory-cli train` in the directory of the files.
 *
 * - `sft`: `{ messages }`, trained on the last message.
 * - `dpo`: `{ messages, chosen, rejected }`, each response a single message.
 *
 * @example
 * ```ts
 * import { llamaFactory, PreferenceExporter } from 'aloe-align';
 *
 * new PreferenceExporter({ formats: [llamaFactory({ method: 'dpo', base: 'Qwen/Qwen2.5-0.5B-Instruct' })] });
 * ```
 *
 * @throws InvalidOptionError if an option is invalid.
 */
export function llamaFactory(options: LlamaFactoryOptions): PreferenceFormat {
  const { base, method, maxLength, settings } = checkEngineOptions('llamaFactory()', options, ['template']);
  const prompt = promptMessages(options);
  const ranking =
    method === 'dpo'
      ? { ranking: true, columns: { messages: 'messages', chosen: 'chosen', rejected: 'rejected' } }
      : { columns: { messages: 'messages' } };

  const shared = {
    name: `llama-factory-${method}`,
    config(files: FormatFiles) {
      const { train, validation } = files;
      const name = stem(files);
      const validationName = `${name}-validation`;
      return {
        'dataset_info.json': {
          [name]: { file_name: train, ...FORMATTING, ...ranking },
          ...(validation === null
            ? {}
            : { [validationName]: { file_name: validation, ...FORMATTING, ...ranking } }),
        },
        [`${name}.yaml`]: {
          model_name_or_path: base,
          ...(options.template === undefined ? {} : { template: options.template }),
          stage: method,
          do_train: true,
          finetuning_type: 'lora',
          lora_rank: 16,
          lora_target: 'all',
          dataset_dir: '.',
          dataset: name,
          ...(validation === null ? {} : { eval_dataset: validationName, eval_strategy: 'epoch' }),
          cutoff_len: maxLength,
          per_device_train_batch_size: 1,
          gradient_accumulation_steps: 16,
          num_train_epochs: 1,
          lr_scheduler_type: 'cosine',
          bf16: true,
          report_to: 'none',
          output_dir: `${name}-out`,
          ...DEFAULTS[method],
          ...settings,
        },
      };
    },
    load: (files: FormatFiles): LoadLine => ({
      language: 'sh',
      code: `llamafactory-cli train ${stem(files)}.yaml`,
    }),
  };

  if (method === 'dpo') return { ...shared, ...messagePairs(prompt) };
  return {
    ...shared,
    ...sftFormat(shared.name, options),
    columns: { messages: MESSAGES },
    rows: (record: Demonstration) => [{ messages: [...prompt(record), assistant(record.preferred)] }],
  };
}
