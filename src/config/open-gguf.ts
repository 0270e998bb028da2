import { basename } from 'node:path';
import { readGgufTraits } from '../models/gguf-traits.ts';
import { llamaCpp } from '../models/llama-cpp.ts';
import { SMALL_MODEL_SAMPLING } from '../models/llama-cpp-sampling.ts';
import { isGgufUri, type PullGgufOptions, pullGguf } from '../models/pull-gguf.ts';
import type { OpenedModel } from './opened-model.ts';
import { SMALL_MODEL, smallModelNote } from './small-model.ts';

/** Below this, a model gets the settings of the embedded one. The limit is a guess: only 135 million was tried. */
const SMALL_BELOW = 1_000_000_000;

/**
 * Opens the GGUF model at a path or on Hugging Face, with the settings that suit its size.
 *
 * @param gguf A path, or `hf:owner/repository:quantisation`.
 * @throws MissingPackageError if `node-llama-cpp` is not installed; MissingWeightsError if the model is not there;
 * InvalidFileError if it is something else.
 */
export async function openGguf(gguf: string, options: PullGgufOptions = {}): Promise<OpenedModel> {
  const modelPath = isGgufUri(gguf) ? await pullGguf(gguf, options) : gguf;
  // Made first: it says what is wrong with a file that is missing, or is something else.
  const model = llamaCpp({ modelPath });
  const { parameters, hasChatTemplate } = await readGgufTraits(modelPath);
  const name = basename(modelPath);
  const warning = hasChatTemplate
    ? undefined
    : `Warning: ${name} has no chat template, so it is probably a base model, which continues texts and follows no instructions. Use its instruct or chat version.`;
  if (parameters >= SMALL_BELOW) return { model, note: '', warning };
  return {
    model: llamaCpp({ modelPath, sampling: SMALL_MODEL_SAMPLING }),
    note: smallModelNote(`${name} has`, parameters),
    warning,
    ...SMALL_MODEL,
  };
}
