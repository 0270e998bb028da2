import { availableParallelism } from 'node:os';
import { MissingWeightsError } from '../errors.ts';
import { locateWeights } from '../weights/cache-folder.ts';
import { type LlamaCppModel, type LlamaCppOptions, llamaCpp } from './llama-cpp.ts';

export type { ModelsFolderOptions } from '../weights/cache-folder.ts';
export { locateWeights, type PullWeightsOptions, pullWeights } from '../weights/pull-weights.ts';
export type { WeightSetName } from '../weights/sources.ts';
export type { WeightsEvent } from '../weights/weights-event.ts';

/** Each concurrent call takes about 100 MB of memory. */
const MAX_CONCURRENCY = 4;

/** Options of {@link embeddedModel}. */
export interface EmbeddedModelOptions extends Omit<LlamaCppOptions, 'modelPath' | 'sampling'> {
  /** Directory of the weights. Default: the cache directory that `aloe-align models pull` fills. */
  readonly modelsDir?: string | undefined;
}

/** Without these, such a small model repeats its last sentence forever. */
const SMALL_MODEL_SAMPLING = {
  repeatPenalty: 1.15,
  frequencyPenalty: 0.2,
  presencePenalty: 0.2,
  dryStrength: 0.8,
} as const;

/**
 * A model that needs no key and no server: SmolLM2-135M-Instruct in this process. It shows that everything works, but it
 * is a weak teacher and a weak judge. By default it computes one call per core, up to four at a time.
 *
 * @example
 * ```ts
 * import { embeddedModel, pullWeights } from 'aloe-align/models/embedded';
 *
 * await pullWeights({ sets: ['smollm2-135m-instruct'] });
 * const model = embeddedModel();
 * ```
 *
 * @throws MissingWeightsError if the weights have not been downloaded yet.
 */
export function embeddedModel(options: EmbeddedModelOptions = {}): LlamaCppModel {
  const { modelsDir, ...llamaCppOptions } = options;
  const modelPath = locateWeights('smollm2-135m-instruct', { modelsDir });
  if (modelPath === null) {
    throw new MissingWeightsError('The embedded language model has not been downloaded yet.', {
      hint: 'Download it with: npx aloe-align models pull',
    });
  }
  return llamaCpp({
    concurrency: Math.min(MAX_CONCURRENCY, availableParallelism()),
    threads: 1,
    ...llamaCppOptions,
    modelPath,
    sampling: SMALL_MODEL_SAMPLING,
  });
}
