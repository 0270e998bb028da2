import { basename } from 'node:path';
import { Template } from '@huggingface/jinja';
import type { LlamaModel } from 'node-llama-cpp';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { fingerprintGguf } from '../models/gguf-file.ts';
import { awaitsAnswer, joinTexts, type Tokenizer } from './tokenizer.ts';

export interface LlamaCppTokenizerOptions {
  /** A GGUF file; only its vocabulary is loaded. */
  readonly modelPath: string;
}

type Library = typeof import('node-llama-cpp');

interface Loaded {
  readonly model: LlamaModel;
  /** Null where the file has none. */
  readonly template: Template | null;
}

/**
 * The tokenizer and the chat template of a GGUF file, by `node-llama-cpp` (an optional peer package). A file without a
 * template, as of a base model, counts the texts alone, with a line break between them. The vocabulary is loaded at the
 * first count, once; the weights are not.
 *
 * @throws InvalidOptionError without a path; MissingWeightsError when there is no such file, InvalidFileError when it is
 * no GGUF file. At the first count MissingPackageError, or InvalidFileError when it cannot be loaded.
 */
export function llamaCppTokenizer({ modelPath }: LlamaCppTokenizerOptions): Tokenizer {
  if (typeof modelPath !== 'string' || modelPath === '') {
    throw new InvalidOptionError('modelPath', 'the path of a GGUF file', modelPath);
  }
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
      const { message } = cause as Error;
      throw new InvalidFileError(modelPath, `the vocabulary could not be loaded (${message}).`, { cause });
    }
  }

  return {
    id,
    async countTokens(messages) {
      loading ??= load();
      const { model, template } = await loading;
      if (template === null) return model.tokenize(joinTexts(messages)).length;
      // Not one of that package's chat wrappers: they leave out a default system prompt and the end of the last turn.
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
