import type { StringArgDef } from 'citty';
import { openEmbedder, parseEmbedderReference } from '../config/open-embedder.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import { InvalidOptionError } from '../errors.ts';
import { locateWeights } from '../weights/models-directory.ts';
import { type MissingPart, missingKey } from './missing-parts.ts';
import { pullWithProgress } from './pull-with-progress.ts';
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
export type EmbedderArguments = {
  readonly [Name in EmbedderOption | 'models-dir']?: string | undefined;
} & { readonly offline?: boolean | undefined };

/** What the chosen embedder needs and does not find. */
export function missingForEmbedder(args: EmbedderArguments): MissingPart[] {
  const reference = parseEmbedderReference(args.embedder);
  if (reference.kind === 'lexical') return [];
  if (reference.kind === 'openai') {
    return missingKey(reference.name, args['embedder-base-url'], args['embedder-key-env']);
  }
  const parts: MissingPart[] = [];
  if (reference.lib === undefined) {
    parts.push({
      package: '@huggingface/transformers',
      purpose: 'compares personas by meaning (or: --embedder lexical)',
    });
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
  const { embedder: model, offline, 'models-dir': modelsDir } = args;
  const server = ['embedder-base-url', 'embedder-key-env', 'embedder-dimensions'] as const;
  const given = server.find((option) => args[option] !== undefined);
  if (model === undefined && given !== undefined) {
    throw new InvalidOptionError('embedder', `openai:MODEL (required with --${given})`, model);
  }
  if (parseEmbedderReference(model).kind === 'transformers') {
    await pullWithProgress({ sets: ['all-minilm-l6-v2'], modelsDir, offline, signal });
  }
  return openEmbedder(
    model === undefined
      ? undefined
      : {
          model,
          baseUrl: args['embedder-base-url'],
          keyEnv: args['embedder-key-env'],
          dimensions: readOptionalNumber('embedder-dimensions', args['embedder-dimensions'], {
            min: 1,
            whole: true,
          }),
        },
    { modelsDir, offline, signal },
  );
}
