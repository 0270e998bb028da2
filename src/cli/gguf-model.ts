import { basename } from 'node:path';
import { readGgufTraits } from '../models/gguf-traits.ts';
import { llamaCpp } from '../models/llama-cpp.ts';
import { SMALL_MODEL_SAMPLING } from '../models/llama-cpp-sampling.ts';
import { isGgufUri, type PullGgufOptions, pullGguf } from '../models/pull-gguf.ts';
import type { ChosenModel } from './chosen-model.ts';
import { SMALL_MODEL, smallModelNote } from './small-model.ts';
import { createStatusLine, megabytes, printError } from './terminal.ts';

/** Below this, a model gets the settings of the embedded one. The limit is a guess: only 135 million was tried. */
const SMALL_BELOW = 1_000_000_000;

/**
 * The GGUF model at a path or on Hugging Face, with the settings that suit its size. Warns of a base model.
 *
 * @throws MissingWeightsError, InvalidFileError, MissingPackageError.
 */
export async function ggufModel(
  gguf: string,
  options: Pick<PullGgufOptions, 'modelsDir' | 'offline' | 'signal'>,
): Promise<ChosenModel> {
  const modelPath = isGgufUri(gguf) ? await pullShown(gguf, options) : gguf;
  // Made first: it says what is wrong with a file that is missing, or is something else.
  const asGiven = llamaCpp({ modelPath });
  const { parameters, hasChatTemplate } = await readGgufTraits(modelPath);
  if (!hasChatTemplate) {
    printError(
      `Warning: ${basename(modelPath)} has no chat template, so it is probably a base model, which continues texts and follows no instructions. Use its instruct or chat version.`,
    );
  }
  if (parameters >= SMALL_BELOW) return { model: asGiven, note: '' };
  return {
    model: llamaCpp({ modelPath, sampling: SMALL_MODEL_SAMPLING }),
    note: smallModelNote(`${basename(modelPath)} has`, parameters),
    ...SMALL_MODEL,
  };
}

async function pullShown(uri: string, options: PullGgufOptions): Promise<string> {
  const status = createStatusLine();
  try {
    return await pullGguf(uri, {
      ...options,
      onProgress: ({ bytes, totalBytes }) =>
        status.update(`  ${uri}: ${megabytes(bytes)} of ${megabytes(totalBytes)}`, bytes / totalBytes),
    });
  } finally {
    status.clear();
  }
}
