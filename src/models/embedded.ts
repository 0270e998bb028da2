import { availableParallelism } from 'node:os';
import { MissingWeightsError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { locateWeights } from '../weights/models-directory.ts';
import { type LlamaCppModel, type LlamaCppOptions, llamaCpp } from './llama-cpp.ts';
import { SMALL_MODEL_SAMPLING } from './llama-cpp-sampling.ts';

export type { ModelsFolderOptions } from '../weights/models-directory.ts';
export { locateWeights, type PullWeightsOptions, pullWeights } from '../weights/pull-weights.ts';
export type { WeightSetName } from '../weights/sources.ts';
export type { WeightsEvent } from '../weights/weights-event.ts';

/** Each call in flight takes about 100 MB. */
const MOST_PARALLEL = 4;

/** Options of {@link embeddedModel}. */
export interface EmbeddedModelOptions extends Omit<LlamaCppOptions, 'modelPath' | 'sampling'> {
  /** Directory of the weights. Default: the cache directory that `aloe models pull` fills. */
  readonly modelsDir?: string | undefined;
}

/**
 * The model that needs no key and no server: SmolLM2-135M-Instruct in this process. It shows that everything works;
 * it is a weak teacher and a weak judge. It computes one call a core, up to four at the same time.
 *
 * @throws InvalidOptionError if an option is unknown or out of range.
 * @throws MissingWeightsError when the weights were not fetched yet.
 */
export function embeddedModel(options: EmbeddedModelOptions = {}): LlamaCppModel {
  checkKnownOptions<EmbeddedModelOptions>('embeddedModel()', options, {
    modelsDir: true,
    loraPath: true,
    contextSize: true,
    cachedPrompts: true,
    concurrency: true,
    threads: true,
    gpu: true,
  });
  const { modelsDir, ...llamaCppOptions } = options;
  const modelPath = locateWeights('smollm2-135m-instruct', { modelsDir });
  if (modelPath === null) {
    throw new MissingWeightsError('The embedded language model is not on this machine yet.', {
      hint: 'Fetch it once with: npx aloe-align models pull',
    });
  }
  return llamaCpp({
    concurrency: Math.min(MOST_PARALLEL, availableParallelism()),
    threads: 1,
    ...llamaCppOptions,
    modelPath,
    sampling: SMALL_MODEL_SAMPLING,
  });
}
