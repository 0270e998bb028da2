import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { importOptional } from '../internal/import-optional.ts';
import { messageOf } from '../internal/message-of.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { awaitsAnswer, joinTexts, type Tokenizer } from './tokenizer.ts';

/** Options of {@link transformersTokenizer}. Pass exactly one of the two. */
export interface TransformersTokenizerOptions {
  /**
   * Directory with `tokenizer.json` and `tokenizer_config.json`, as on the Hugging Face hub. Newer models also have a
   * `chat_template.jinja`.
   */
  readonly modelPath?: string | undefined;
  /** Hub id to download these files from. */
  readonly model?: string | undefined;
}

type Library = typeof import('@huggingface/transformers');

interface Loaded {
  readonly tokenizer: Awaited<ReturnType<Library['AutoTokenizer']['from_pretrained']>>;
  /** The template in a file of its own. Null to use the tokenizer's. */
  readonly template: string | null;
}

const TEMPLATE_FILE = 'chat_template.jinja';

/**
 * A model's own tokenizer and chat template, with `@huggingface/transformers` (an optional peer package). Without a
 * template, as in a base model, only the texts are counted, joined by line breaks. The files are loaded once, at the
 * first count.
 *
 * @throws InvalidOptionError unless exactly one option is given, MissingWeightsError when the directory lacks a file.
 * At the first count MissingPackageError, MissingWeightsError when the hub fails, or InvalidFileError when a local
 * tokenizer cannot be loaded.
 * @example
 * ```ts
 * const tokenizer = transformersTokenizer({ model: 'Qwen/Qwen2.5-0.5B-Instruct' });
 * const tokens = await tokenizer.countTokens([{ role: 'user', content: 'Hello' }]);
 * ```
 */
export function transformersTokenizer(options: TransformersTokenizerOptions): Tokenizer {
  checkKnownOptions<TransformersTokenizerOptions>('transformersTokenizer()', options, {
    modelPath: true,
    model: true,
  });
  const { modelPath, model } = options;
  if ((modelPath === undefined) === (model === undefined)) {
    throw new InvalidOptionError(
      'model',
      'a hub id, or else modelPath a directory (exactly one of them)',
      model,
    );
  }
  const source = modelPath === undefined ? model! : completeDir(modelPath);
  let loading: Promise<Loaded> | undefined;

  async function load(): Promise<Loaded> {
    const library = await importOptional<Library>('@huggingface/transformers', 'transformersTokenizer()');
    const local = modelPath !== undefined;
    try {
      const tokenizer = await library.AutoTokenizer.from_pretrained(source, { local_files_only: local });
      const template = tokenizer.chat_template ? null : await readTemplateFile(source, local, library);
      return { tokenizer, template };
    } catch (cause) {
      const reason = messageOf(cause);
      if (local) {
        throw new InvalidFileError(source, `cannot load the tokenizer (${reason}).`, { cause });
      }
      throw new MissingWeightsError(`Cannot load the tokenizer of "${source}" from the hub (${reason}).`, {
        hint: 'Check the name, or pass a local directory as modelPath.',
        cause,
      });
    }
  }

  return {
    id: `transformers:${modelPath === undefined ? source : basename(source)}`,
    async countTokens(messages) {
      loading ??= load();
      const { tokenizer, template } = await loading;
      if (!tokenizer.chat_template && template === null) {
        return tokenizer.encode(joinTexts(messages)).length;
      }
      const text = tokenizer.apply_chat_template(
        messages.map((message) => ({ ...message })),
        { chat_template: template, tokenize: false, add_generation_prompt: awaitsAnswer(messages) },
      );
      // The template has already written the special tokens.
      return tokenizer.encode(String(text), { add_special_tokens: false }).length;
    },
  };
}

function completeDir(modelPath: string): string {
  const path = resolve(checkPath('modelPath', modelPath));
  for (const file of ['tokenizer.json', 'tokenizer_config.json'].map((name) => join(path, name))) {
    if (existsSync(file)) continue;
    throw new MissingWeightsError(`There is no tokenizer in ${path}: ${file} is missing.`, {
      hint: 'Pass a model directory in the layout of the Hugging Face hub, or a .gguf file.',
    });
  }
  return path;
}

/**
 * The template that newer models keep in a separate file. The library does not read that file for tokenizers (seen in
 * 4.3). Null if there is none.
 */
async function readTemplateFile(source: string, local: boolean, { env }: Library): Promise<string | null> {
  if (local) return readFile(join(source, TEMPLATE_FILE), 'utf8').catch(() => null);
  const path = env.remotePathTemplate.replace('{model}', source).replace('{revision}', 'main');
  const response = await fetch(new URL(`${path}${TEMPLATE_FILE}`, env.remoteHost));
  return response.ok ? response.text() : null;
}
