import { InvalidFileError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { messageOf } from '../internal/message-of.ts';

/** What a GGUF file says of its model. */
export interface GgufTraits {
  /** Number of weights. */
  readonly parameters: number;
  /** False for most base models: without a template, a model was not trained to follow a conversation. */
  readonly hasChatTemplate: boolean;
}

/**
 * Reads the head of a GGUF file. Its weights are not loaded.
 *
 * @throws MissingPackageError if `node-llama-cpp` is not installed; InvalidFileError if the head cannot be read.
 */
export async function readGgufTraits(path: string): Promise<GgufTraits> {
  const { readGgufFileInfo } = await importOptional<typeof import('node-llama-cpp')>(
    'node-llama-cpp',
    'llamaCpp()',
  );
  try {
    const { metadata, fullTensorInfo = [] } = await readGgufFileInfo(path, {
      sourceType: 'filesystem',
      logWarnings: false,
    });
    const sizes = fullTensorInfo.map(({ dimensions }) =>
      dimensions.reduce<number>((product, length) => product * Number(length), 1),
    );
    return {
      parameters: sizes.reduce((sum, size) => sum + size, 0),
      hasChatTemplate: Boolean(metadata.tokenizer?.chat_template),
    };
  } catch (cause) {
    throw new InvalidFileError(path, `the head of the file cannot be read (${messageOf(cause)}).`, {
      cause,
    });
  }
}
