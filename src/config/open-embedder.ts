import type { Embedder } from '../embeddings/embedder.ts';
import { lexicalEmbedder } from '../embeddings/lexical.ts';
import { openaiEmbedder } from '../embeddings/openai.ts';
import { type TransformersPackage, transformersEmbedder } from '../embeddings/transformers.ts';
import { InvalidOptionError } from '../errors.ts';
import { isInstalled } from '../internal/find-package.ts';
import { type PullWeightsOptions, pullWeights } from '../weights/pull-weights.ts';

/** How embedders are named, for help and errors. */
export const EMBEDDER_FORMS = 'lexical, transformers or openai:MODEL';

const LIBRARIES: readonly TransformersPackage[] = ['@huggingface/transformers', '@xenova/transformers'];

/** Options of {@link openEmbedder}. */
export interface OpenEmbedderOptions
  extends Pick<PullWeightsOptions, 'modelsDir' | 'offline' | 'onEvent' | 'signal'> {
  /** What names the embedder, for errors. Default `embedder`. */
  readonly option?: string | undefined;
}

/**
 * Opens an embedder by its name. The weights of `transformers` are downloaded if they are missing.
 *
 * @param given Default: `transformers` if its package is installed, else `lexical`.
 * @throws InvalidOptionError if it is not one of the names.
 */
export async function openEmbedder(
  given: string | Embedder | undefined,
  { option = 'embedder', ...weights }: OpenEmbedderOptions = {},
): Promise<Embedder> {
  if (typeof given === 'object') return given;
  const lib = LIBRARIES.find(isInstalled);
  const name = given ?? (lib === undefined ? 'lexical' : 'transformers');
  if (name === 'lexical') return lexicalEmbedder();
  if (name.startsWith('openai:') && name.length > 'openai:'.length) {
    return openaiEmbedder(name.slice('openai:'.length));
  }
  if (name !== 'transformers') throw new InvalidOptionError(option, EMBEDDER_FORMS, name);
  const { 'all-minilm-l6-v2': modelPath } = await pullWeights({ ...weights, sets: ['all-minilm-l6-v2'] });
  return transformersEmbedder({ lib, modelPath });
}
