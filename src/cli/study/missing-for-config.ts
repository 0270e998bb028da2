import type { AloeConfig } from '../../config/config.ts';
import type { PipelinePart } from '../../pipeline/pipeline.ts';
import { usedModels } from '../../pipeline/used-models.ts';
import { missingForEmbedder } from '../choose-embedder.ts';
import { type MissingForModelOptions, type MissingPart, missingForModel } from '../missing-parts.ts';

/** What the models of a config need and do not find. */
export function missingForConfig(
  config: AloeConfig,
  parts: readonly PipelinePart[],
  weights: Pick<MissingForModelOptions, 'modelsDir' | 'offline'>,
): readonly MissingPart[] {
  const { embedder } = config.models ?? {};
  return [
    ...usedModels(config, parts).flatMap(({ given, option }) =>
      missingForModel(given, { option, ...weights }),
    ),
    ...(parts.includes('embedder') && (typeof embedder !== 'object' || !('embed' in embedder))
      ? missingForEmbedder(typeof embedder === 'string' ? { model: embedder } : embedder, weights)
      : []),
  ];
}
