import type { AloeConfig, ConfigModel } from '../../config/config.ts';
import { parseModelReference } from '../../config/model-reference.ts';
import { isInstalled } from '../../internal/find-package.ts';
import type { PipelinePart } from '../../pipeline/pipeline.ts';
import { usedModels } from '../../pipeline/used-models.ts';
import { locateWeights } from '../../weights/models-directory.ts';
import { missingForEmbedder } from '../choose-embedder.ts';
import { type MissingPart, missingKey } from '../missing-parts.ts';

/** Where the embedded weights are looked for. */
interface WeightOptions {
  readonly modelsDir: string | undefined;
  readonly offline: boolean | undefined;
}

/** What the models of a config need and do not find. */
export function missingForConfig(
  config: AloeConfig,
  parts: readonly PipelinePart[],
  options: WeightOptions,
): readonly MissingPart[] {
  const { embedder } = config.models ?? {};
  return [
    ...usedModels(config, parts).flatMap(({ given, option }) => missingForModel(given, option, options)),
    ...(parts.includes('embedder') && (typeof embedder !== 'object' || !('embed' in embedder))
      ? missingForEmbedder({
          embedder: typeof embedder === 'object' ? embedder.model : embedder,
          'embedder-base-url': typeof embedder === 'object' ? embedder.baseUrl : undefined,
          'embedder-key-env': typeof embedder === 'object' ? embedder.keyEnv : undefined,
          'models-dir': options.modelsDir,
          offline: options.offline,
        })
      : []),
  ];
}

function missingForModel(
  given: ConfigModel | undefined,
  option: string,
  options: WeightOptions,
): readonly MissingPart[] {
  if (typeof given === 'object' && 'generate' in given) return [];
  if (given === undefined && process.env.OPENAI_API_KEY) return [];
  const settings = typeof given === 'object' ? given : { model: given ?? 'embedded' };
  const reference = parseModelReference(settings.model, option);
  switch (reference.kind) {
    case 'openai':
      return missingKey(
        reference.name,
        'baseUrl' in settings ? settings.baseUrl : undefined,
        'keyEnv' in settings ? settings.keyEnv : undefined,
      );
    case 'openai-compatible':
      return [];
    case 'ai-sdk':
      return [reference.packageName, 'ai']
        .filter((name) => !isInstalled(name))
        .map((name) => ({ package: name, purpose: `is needed for ${settings.model}` }));
    default:
      return missingForLocal(reference.kind === 'embedded', options);
  }
}

function missingForLocal(isEmbedded: boolean, { modelsDir, offline }: WeightOptions): readonly MissingPart[] {
  const parts: MissingPart[] = [];
  if (!isInstalled('node-llama-cpp')) {
    parts.push({ package: 'node-llama-cpp', purpose: 'runs a language model on this machine' });
  }
  if (isEmbedded && offline && locateWeights('smollm2-135m-instruct', { modelsDir }) === null) {
    parts.push({ weights: 'smollm2-135m-instruct', purpose: 'are the embedded language model' });
  }
  return parts;
}
