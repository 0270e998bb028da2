import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkChoice } from '../internal/options.ts';
import { fetchSet } from './fetch-set.ts';
import { modelsDirectory } from './models-directory.ts';
import { WEIGHT_SETS, type WeightSetName } from './sources.ts';
import type { WeightsEvent } from './weights-event.ts';

export { locateWeights } from './models-directory.ts';

/** Options of {@link pullWeights}. */
export interface PullWeightsOptions<Name extends WeightSetName = WeightSetName> {
  /** Which weights. Default: all of them. */
  readonly sets?: readonly Name[] | undefined;
  /**
   * Directory with one subdirectory per set. Default: `ALOE_MODELS_DIR`, else `aloe-align/models` in the user's cache
   * directory.
   */
  readonly modelsDir?: string | undefined;
  /** Stops the download and removes unfinished files. The signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Only check the local files, without any network access. Default false. */
  readonly offline?: boolean | undefined;
  /** Called with the progress of each download. */
  readonly onEvent?: ((event: WeightsEvent) => void) | undefined;
}

/**
 * Downloads weights and verifies their SHA-256. Intact files are not downloaded again, changed ones are. Several
 * processes may pull at the same time.
 *
 * @returns the path to open for each set: a `.gguf` file, or the directory of an ONNX model.
 * @throws InvalidOptionError for an unknown option or set.
 * @throws MissingWeightsError naming every source that was tried and why it failed.
 * @example
 * ```ts
 * const paths = await pullWeights({ onEvent: ({ type, set }) => console.log(type, set) });
 * const model = llamaCpp({ modelPath: paths['smollm2-135m-instruct'] });
 * ```
 */
export async function pullWeights<Name extends WeightSetName = WeightSetName>(
  options: PullWeightsOptions<Name> = {},
): Promise<Record<Name, string>> {
  checkKnownOptions<PullWeightsOptions<Name>>('pullWeights()', options, {
    sets: true,
    modelsDir: true,
    signal: true,
    offline: true,
    onEvent: true,
  });
  const known = Object.keys(WEIGHT_SETS) as Name[];
  const names = (options.sets ?? known).map((name) => checkChoice('sets', name, known));
  const models = modelsDirectory(options);
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) paths[name] = await fetchSet(WEIGHT_SETS[name], models, options);
  return paths as Record<Name, string>;
}
