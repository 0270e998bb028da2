import type { StringArgDef } from 'citty';
import type { Embedder } from '../embeddings/embedder.ts';
import { lexicalEmbedder } from '../embeddings/lexical.ts';
import { openaiEmbedder } from '../embeddings/openai.ts';
import { type TransformersPackage, transformersEmbedder } from '../embeddings/transformers.ts';
import { InvalidOptionError } from '../errors.ts';
import { isInstalled } from '../internal/find-package.ts';
import { locateWeights } from '../weights/models-directory.ts';
import { type MissingPart, missingKey } from './missing-parts.ts';
import { pullWithProgress } from './pull-with-progress.ts';
import { readKey } from './read-key.ts';
import { readOptionalNumber } from './read-number.ts';

type EmbedderOption = 'embedder' | 'embedder-base-url' | 'embedder-key-env' | 'embedder-dimensions';

/** The flags that choose an embedder, the same in every command that needs one. */
export const embedderArgs: Record<EmbedderOption, StringArgDef> = {
  embedder: {
    type: 'string',
    description:
      'lexical (needs nothing), transformers, or openai:MODEL (default: transformers if the package is installed, else lexical).',
  },
  'embedder-base-url': {
    type: 'string',
    description: 'OpenAI-compatible server of --embedder openai:MODEL (default: OpenAI).',
  },
  'embedder-key-env': {
    type: 'string',
    description: 'Environment variable with the API key of --embedder-base-url.',
  },
  'embedder-dimensions': {
    type: 'string',
    description:
      'Length of the vectors of --embedder openai:MODEL (default: known for the models of OpenAI).',
  },
};

/** What citty reads from {@link embedderArgs}, and the flags on weights. */
export type EmbedderArguments = Readonly<Partial<Record<EmbedderOption | 'models-dir', string>>> & {
  readonly offline?: boolean | undefined;
};

const LIBRARIES: readonly TransformersPackage[] = ['@huggingface/transformers', '@xenova/transformers'];

type Choice =
  | { readonly kind: 'lexical' }
  | { readonly kind: 'transformers'; readonly lib: TransformersPackage | undefined }
  | { readonly kind: 'openai'; readonly model: string };

/** @throws InvalidOptionError for an unknown embedder, or options of a server without one. */
function readChoice(args: EmbedderArguments): Choice {
  const { embedder: name } = args;
  if (name?.startsWith('openai:') && name.length > 'openai:'.length) {
    return { kind: 'openai', model: name.slice('openai:'.length) };
  }
  for (const option of ['embedder-base-url', 'embedder-key-env', 'embedder-dimensions'] as const) {
    if (args[option] === undefined) continue;
    throw new InvalidOptionError('embedder', `openai:MODEL (required with --${option})`, name);
  }
  const lib = LIBRARIES.find(isInstalled);
  if (name === 'transformers' || (name === undefined && lib !== undefined))
    return { kind: 'transformers', lib };
  if (name === 'lexical' || name === undefined) return { kind: 'lexical' };
  throw new InvalidOptionError('embedder', 'lexical, transformers or openai:MODEL', name);
}

/** What the chosen embedder needs and does not find. */
export function missingForEmbedder(args: EmbedderArguments): MissingPart[] {
  const choice = readChoice(args);
  if (choice.kind === 'lexical') return [];
  if (choice.kind === 'openai') {
    return missingKey(choice.model, args['embedder-base-url'], args['embedder-key-env']);
  }
  const parts: MissingPart[] = [];
  if (choice.lib === undefined) {
    parts.push({ package: LIBRARIES[0]!, purpose: 'compares personas by meaning (or: --embedder lexical)' });
  }
  if (args.offline && locateWeights('all-minilm-l6-v2', { modelsDir: args['models-dir'] }) === null) {
    parts.push({ weights: 'all-minilm-l6-v2', purpose: 'compare personas (or: --embedder lexical)' });
  }
  return parts;
}

/**
 * The embedder that the options choose. Weights are downloaded if need be.
 *
 * @throws InvalidOptionError for an unknown embedder, or options of a server without one.
 */
export async function chooseEmbedder(args: EmbedderArguments, signal: AbortSignal): Promise<Embedder> {
  const choice = readChoice(args);
  if (choice.kind === 'lexical') return lexicalEmbedder();
  if (choice.kind === 'openai') {
    const dimensions = readOptionalNumber('embedder-dimensions', args['embedder-dimensions'], {
      min: 1,
      whole: true,
    });
    const apiKey = readKey('embedder-key-env', args['embedder-key-env']);
    return openaiEmbedder(choice.model, { baseUrl: args['embedder-base-url'], dimensions, apiKey });
  }
  const { 'all-minilm-l6-v2': modelPath } = await pullWithProgress({
    sets: ['all-minilm-l6-v2'],
    modelsDir: args['models-dir'],
    offline: args.offline,
    signal,
  });
  return transformersEmbedder({ lib: choice.lib, modelPath });
}
