import type { Embedder } from '../embeddings/embedder.ts';
import { lexicalEmbedder } from '../embeddings/lexical.ts';
import { type OpenAIEmbedderOptions, openaiEmbedder } from '../embeddings/openai.ts';
import { type TransformersPackage, transformersEmbedder } from '../embeddings/transformers.ts';
import { InvalidOptionError } from '../errors.ts';
import { isInstalled } from '../internal/find-package.ts';
import { type PullWeightsOptions, pullWeights } from '../weights/pull-weights.ts';

/** How embedders are named, for help and errors. */
export const EMBEDDER_FORMS = 'lexical, transformers or openai:MODEL';

const LIBRARIES: readonly TransformersPackage[] = ['@huggingface/transformers', '@xenova/transformers'];

/** Which embedder a name means, before anything is loaded. */
export type EmbedderReference =
  | { readonly kind: 'lexical' }
  /** `lib` is undefined if neither package is installed. */
  | { readonly kind: 'transformers'; readonly lib: TransformersPackage | undefined }
  | { readonly kind: 'openai'; readonly name: string };

/**
 * Reads the name of an embedder.
 *
 * @param given Default: `transformers` if its package is installed, else `lexical`.
 * @param option What names the embedder, for errors.
 * @throws InvalidOptionError if it is not one of the names.
 */
export function parseEmbedderReference(given: string | undefined, option = 'embedder'): EmbedderReference {
  const lib = LIBRARIES.find(isInstalled);
  const name = given ?? (lib === undefined ? 'lexical' : 'transformers');
  if (name === 'lexical') return { kind: 'lexical' };
  if (name === 'transformers') return { kind: 'transformers', lib };
  if (name.startsWith('openai:') && name.length > 'openai:'.length) {
    return { kind: 'openai', name: name.slice('openai:'.length) };
  }
  throw new InvalidOptionError(option, EMBEDDER_FORMS, name);
}

/** Options of {@link openEmbedder}. */
export interface OpenEmbedderOptions
  extends Pick<PullWeightsOptions, 'modelsDir' | 'offline' | 'onEvent' | 'signal'> {
  /** What names the embedder, for errors. Default `embedder`. */
  readonly option?: string | undefined;
  /** Where a served one is, and the length of its vectors. Default: as {@link openaiEmbedder}. */
  readonly served?: Pick<OpenAIEmbedderOptions, 'apiKey' | 'baseUrl' | 'dimensions'> | undefined;
}

/**
 * Opens an embedder by its name. The weights of `transformers` are downloaded if they are missing.
 *
 * @param given Default: `transformers` if its package is installed, else `lexical`.
 * @throws InvalidOptionError if it is not one of the names.
 */
export async function openEmbedder(
  given: string | Embedder | undefined,
  { option = 'embedder', served, ...weights }: OpenEmbedderOptions = {},
): Promise<Embedder> {
  if (typeof given === 'object') return given;
  const reference = parseEmbedderReference(given, option);
  if (reference.kind === 'lexical') return lexicalEmbedder();
  if (reference.kind === 'openai') return openaiEmbedder(reference.name, served);
  const { 'all-minilm-l6-v2': modelPath } = await pullWeights({ ...weights, sets: ['all-minilm-l6-v2'] });
  return transformersEmbedder({ lib: reference.lib, modelPath });
}
