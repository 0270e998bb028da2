import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { awaitsAnswer, joinTexts, type Tokenizer } from './tokenizer.ts';

export interface TransformersTokenizerOptions {
  /**
   * Folder with `tokenizer.json` and `tokenizer_config.json`, as every model on the Hugging Face hub has them; and with
   * `chat_template.jinja`, where the template is in a file of its own.
   */
  readonly modelPath?: string | undefined;
  /** Hub id, from which these files are downloaded. Give this or `modelPath`. */
  readonly model?: string | undefined;
}

type Library = typeof import('@huggingface/transformers');

interface Loaded {
  readonly tokenizer: Awaited<ReturnType<Library['AutoTokenizer']['from_pretrained']>>;
  /** A text, or null for the tokenizer's own. */
  readonly template: string | null;
}

const TEMPLATE_FILE = 'chat_template.jinja';

/**
 * A model's own tokenizer and chat template, by `@huggingface/transformers` (an optional peer package). A tokenizer
 * without a template, as of a base model, counts the texts alone, with a line break between them. The files are loaded
 * at the first count, once.
 *
 * @throws InvalidOptionError unless exactly one of the two is given; MissingWeightsError when the folder lacks a file.
 * At the first count MissingPackageError, or MissingWeightsError and InvalidFileError when it cannot be loaded.
 */
export function transformersTokenizer(options: TransformersTokenizerOptions): Tokenizer {
  const { modelPath, model } = options;
  if ((modelPath === undefined) === (model === undefined)) {
    throw new InvalidOptionError('model', 'a hub id, or modelPath with a folder, and not both', model);
  }
  const source = modelPath === undefined ? model! : completeFolder(modelPath);
  let loading: Promise<Loaded> | undefined;

  async function load(): Promise<Loaded> {
    const library = await importOptional<Library>('@huggingface/transformers', 'transformersTokenizer()');
    const local = modelPath !== undefined;
    try {
      const tokenizer = await library.AutoTokenizer.from_pretrained(source, { local_files_only: local });
      const template = tokenizer.chat_template ? null : await readTemplateFile(source, local, library);
      return { tokenizer, template };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (local) {
        throw new InvalidFileError(source, `the tokenizer cannot be loaded (${reason}).`, { cause });
      }
      throw new MissingWeightsError(
        `The tokenizer of "${source}" could not be loaded from the hub (${reason}).`,
        {
          hint: 'Check the name, or pass modelPath with a folder of this machine.',
          cause,
        },
      );
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
      // The template has written the special tokens.
      return tokenizer.encode(String(text), { add_special_tokens: false }).length;
    },
  };
}

function completeFolder(modelPath: string): string {
  const path = resolve(modelPath);
  for (const file of ['tokenizer.json', 'tokenizer_config.json'].map((name) => join(path, name))) {
    if (existsSync(file)) continue;
    throw new MissingWeightsError(`There is no tokenizer in ${path}: ${file} is missing.`, {
      hint: "Name the folder of the base model in Hugging Face's layout, or a .gguf file.",
    });
  }
  return path;
}

/**
 * Newer models have their template in a file of its own, which the library reads for no tokenizer (seen with 4.3). Null
 * where there is none.
 */
async function readTemplateFile(source: string, local: boolean, { env }: Library): Promise<string | null> {
  if (local) return readFile(join(source, TEMPLATE_FILE), 'utf8').catch(() => null);
  const path = env.remotePathTemplate.replace('{model}', source).replace('{revision}', 'main');
  const response = await fetch(new URL(`${path}${TEMPLATE_FILE}`, env.remoteHost));
  return response.ok ? response.text() : null;
}
