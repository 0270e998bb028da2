import type { StringArgDef } from 'citty';
import type { EmbedderSettings } from '../config/config.ts';
import { parseEmbedderReference } from '../config/open-embedder.ts';
import { readKey } from '../config/read-key.ts';
import { InvalidOptionError } from '../errors.ts';
import { locateWeights } from '../weights/models-directory.ts';
import { type MissingForModelOptions, type MissingPart, missingKey } from './missing-parts.ts';
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

/** What an embedder needs and does not find. */
export function missingForEmbedder(
  { model, baseUrl, keyEnv }: Partial<EmbedderSettings> = {},
  { modelsDir, offline }: Pick<MissingForModelOptions, 'modelsDir' | 'offline'> = {},
): MissingPart[] {
  const reference = parseEmbedderReference(model);
  if (reference.kind === 'lexical') return [];
  if (reference.kind === 'openai') return missingKey(reference.name, baseUrl, keyEnv);
  const parts: MissingPart[] = [];
  if (reference.lib === undefined) {
    parts.push({
      package: '@huggingface/transformers',
      purpose: 'compares personas by meaning (or: --embedder lexical)',
    });
  }
  if (offline && locateWeights('all-minilm-l6-v2', { modelsDir }) === null) {
    parts.push({ weights: 'all-minilm-l6-v2', purpose: 'compare personas (or: --embedder lexical)' });
  }
  return parts;
}

/**
 * The embedder that the flags name. Nothing is opened.
 *
 * @returns undefined if they name none.
 * @throws InvalidOptionError for an unknown embedder, or options of a server without one.
 */
export function namedEmbedder(
  args: Readonly<Partial<Record<EmbedderOption, string>>>,
): EmbedderSettings | undefined {
  const { embedder: model } = args;
  if (model === undefined) {
    const given = SERVER.find((option) => args[option] !== undefined);
    if (given === undefined) return undefined;
    throw new InvalidOptionError('embedder', `openai:MODEL (required with --${given})`, model);
  }
  if (parseEmbedderReference(model).kind === 'openai') readKey('embedder-key-env', args['embedder-key-env']);
  return {
    model,
    baseUrl: args['embedder-base-url'],
    keyEnv: args['embedder-key-env'],
    dimensions: readOptionalNumber('embedder-dimensions', args['embedder-dimensions'], {
      min: 1,
      whole: true,
    }),
  };
}

const SERVER = ['embedder-base-url', 'embedder-key-env', 'embedder-dimensions'] as const;
