import { basename } from 'node:path';
import type { ChatHistoryItem, ChatWrapper, LlamaModel } from 'node-llama-cpp';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { fingerprintGguf } from '../models/gguf-file.ts';
import type { TemplateMessage, Tokenizer } from './tokenizer.ts';

export interface LlamaCppTokenizerOptions {
  /** A GGUF file; only its vocabulary is loaded. */
  readonly modelPath: string;
}

type Library = typeof import('node-llama-cpp');

interface Loaded {
  readonly model: LlamaModel;
  readonly wrapper: ChatWrapper;
}

/**
 * The tokenizer of a GGUF file, by `node-llama-cpp` (an optional peer package), with the chat wrapper that package has
 * for the file's template. It knows the roles system, user and assistant. The vocabulary is loaded at the first count.
 *
 * @throws MissingWeightsError when there is no such file, InvalidFileError when it is no GGUF file; at the first count
 * MissingPackageError, or InvalidFileError when it cannot be loaded.
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
      return { model, wrapper: library.resolveChatWrapper(model) };
    } catch (cause) {
      const { message } = cause as Error;
      throw new InvalidFileError(modelPath, `the vocabulary could not be loaded (${message}).`, { cause });
    }
  }

  return {
    id,
    async countTokens(messages) {
      loading ??= load();
      const { model, wrapper } = await loading;
      const { contextText } = wrapper.generateContextState({ chatHistory: messages.map(toHistoryItem) });
      return contextText.tokenize(model.tokenizer).length;
    },
  };
}

function toHistoryItem({ role, content }: TemplateMessage): ChatHistoryItem {
  switch (role) {
    case 'assistant':
      return { type: 'model', response: [content] };
    case 'user':
    case 'system':
      return { type: role, text: content };
    default:
      throw new InvalidOptionError('role', 'system, user or assistant', role);
  }
}
