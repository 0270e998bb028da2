import type { Embedder } from '../embeddings/embedder.ts';
import { lexicalEmbedder } from '../embeddings/lexical.ts';
import { openaiEmbedder } from '../embeddings/openai.ts';
import { type TransformersPackage, transformersEmbedder } from '../embeddings/transformers.ts';
import { InvalidOptionError } from '../errors.ts';
import { isInstalled } from '../internal/find-package.ts';
import { checkMethod } from '../internal/options.ts';
import { type PullWeightsOptions, pullWeights } from '../weights/pull-weights.ts';
import type { EmbedderSettings } from './config.ts';
import { readKey } from './read-key.ts';

/** How embedders are named, for help and errors. */
const EMBEDDER_FORMS = 'lexical, transformers or openai:MODEL';

const LIBRARIES: readonly TransformersPackage[] = ['@huggingface/transformers', '@xenova/transformers'];

/** An embedder's name, taken apart. */
export type EmbedderReference =
  | { readonly kind: 'lexical' }
  | { readonly kind: 'transformers'; readonly lib: TransformersPackage | undefined }
  | { readonly kind: 'openai'; readonly name: string };

/** Options of {@link openEmbedder}. */
export interface OpenEmbedderOptions
  extends Pick<PullWeightsOptions, 'modelsDir' | 'offline' | 'onEvent' | 'signal'> {
  /** What names the embedder, for errors. Default `embedder`. */
  readonly option?: string | undefined;
}

/**
 * Reads the name of an embedder. Nothing is loaded.
 *
 * @param name Default: `transformers` if its package is installed, else `lexical`.
 * @throws InvalidOptionError if it is not one of the names.
 */
export function parseEmbedderReference(name: string | undefined, option = 'embedder'): EmbedderReference {
  if (typeof name === 'string' && name.startsWith('openai:') && name.length > 'openai:'.length) {
    return { kind: 'openai', name: name.slice('openai:'.length) };
  }
  const lib = LIBRARIES.find(isInstalled);
  if (name === 'transformers' || (name === undefined && lib !== undefined))
    return { kind: 'transformers', lib };
  if (name === 'lexical' || name === undefined) return { kind: 'lexical' };
  throw new InvalidOptionError(option, EMBEDDER_FORMS, name);
}

/**
 * Opens an embedder by its name. The weights of `transformers` are downloaded if they are missing.
 *
 * @throws InvalidOptionError if it is not one of the names, or has settings that do not go with it.
 */
export async function openEmbedder(
  given: string | EmbedderSettings | Embedder | undefined,
  { option = 'embedder', ...weights }: OpenEmbedderOptions = {},
): Promise<Embedder> {
  const isObject = typeof given === 'object' && given !== null;
  if (isObject && 'embed' in given) {
    checkMethod(option, given, 'embed', 'an Embedder');
    return given;
  }
  const settings = isObject ? given : { model: given };
  const reference = parseEmbedderReference(settings.model, option);
  const { baseUrl, keyEnv, dimensions } = settings as Partial<EmbedderSettings>;
  if (reference.kind === 'openai') {
    const apiKey = readKey(`${option}.keyEnv`, keyEnv);
    return openaiEmbedder(reference.name, { baseUrl, dimensions, apiKey });
  }
  if ((baseUrl ?? keyEnv ?? dimensions) !== undefined) {
    throw new InvalidOptionError(
      option,
      'openai:MODEL (required with a base URL, key or dimensions)',
      settings.model,
    );
  }
  if (reference.kind === 'lexical') return lexicalEmbedder();
  const { 'all-minilm-l6-v2': modelPath } = await pullWeights({ ...weights, sets: ['all-minilm-l6-v2'] });
  return transformersEmbedder({ lib: reference.lib, modelPath });
}
