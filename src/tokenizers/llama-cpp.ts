import { basename } from 'node:path';
import { Template } from '@huggingface/jinja';
import type { LlamaModel } from 'node-llama-cpp';
import { InvalidFileError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { importOptional } from '../internal/import-optional.ts';
import { messageOf } from '../internal/message-of.ts';
import { fingerprintGguf } from '../models/gguf-file.ts';
import { awaitsAnswer, joinTexts, type Tokenizer } from './tokenizer.ts';

/** Options of {@link llamaCppTokenizer}. */
export interface LlamaCppTokenizerOptions {
  /** Path of a GGUF file. Only its vocabulary is loaded. */
  readonly modelPath: string;
}

type Library = typeof import('node-llama-cpp');

interface Loaded {
  readonly model: LlamaModel;
  /** Null if the file has none. */
  readonly template: Template | null;
}

/**
 * The tokenizer and chat template of a GGUF file, with `node-llama-cpp` (an optional peer package). Without a template,
 * as in a base model, only the texts are counted, joined by line breaks. The vocabulary is loaded once, at the first
 * count. The weights are never loaded.
 *
 * @throws InvalidOptionError without a path, MissingWeightsError when the file does not exist, InvalidFileError when it
 * is not a GGUF file. At the first count MissingPackageError, or InvalidFileError when it cannot be loaded.
 * @example
 * ```ts
 * const tokenizer = llamaCppTokenizer({ modelPath: 'models/base.gguf' });
 * const tokens = await tokenizer.countTokens([{ role: 'user', content: 'Hello' }]);
 * ```
 */
export function llamaCppTokenizer({ modelPath }: LlamaCppTokenizerOptions): Tokenizer {
  checkPath('modelPath', modelPath, 'the path of a GGUF file');
  const id = `llama-cpp:${basename(modelPath)}:${fingerprintGguf(modelPath)}`;
  let loading: Promise<Loaded> | undefined;

  async function load(): Promise<Loaded> {
    const library = await importOptional<Library>('node-llama-cpp', 'llamaCppTokenizer()');
    try {
      const llama = await library.getLlama({
        gpu: false,
        build: 'never',
        logLevel: library.LlamaLogLevel.disabled,
      });
      const model = await llama.loadModel({ modelPath, vocabOnly: true });
      const source = model.fileInfo.metadata.tokenizer.chat_template;
      return { model, template: source === undefined ? null : new Template(source) };
    } catch (cause) {
      throw new InvalidFileError(modelPath, `cannot load the vocabulary (${messageOf(cause)}).`, { cause });
    }
  }

  return {
    id,
    async countTokens(messages) {
      loading ??= load();
      const { model, template } = await loading;
      if (template === null) return model.tokenize(joinTexts(messages)).length;
      // Not the package's own chat wrappers: they leave out a default system prompt and the end of the last turn.
      const text = template.render({
        messages,
        add_generation_prompt: awaitsAnswer(messages),
        bos_token: model.tokens.bosString,
        eos_token: model.tokens.eosString,
      });
      return model.tokenize(text, true).length;
    },
  };
}
