import { checkChoice } from '../internal/options.ts';
import { modelsFolder } from './cache-folder.ts';
import { fetchSet } from './fetch-set.ts';
import { WEIGHT_SETS, type WeightSetName } from './sources.ts';
import type { WeightsEvent } from './weights-event.ts';

export { locateWeights } from './cache-folder.ts';

export interface PullWeightsOptions<Name extends WeightSetName = WeightSetName> {
  /** Which weights. Default: all of them. */
  readonly sets?: readonly Name[] | undefined;
  /** Folder that holds one folder a set. Default: `ALOE_MODELS_DIR`, or `aloe-align/models` in the user's cache folder. */
  readonly modelsDir?: string | undefined;
  /** Ends the download and removes what is not finished; the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Checks what is there and never touches the network. Default false. */
  readonly offline?: boolean | undefined;
  readonly onEvent?: ((event: WeightsEvent) => void) | undefined;
}

/**
 * Makes sure that weights are on this machine, with the right SHA-256, and says where. What is there and intact is
 * not fetched again; a file that has changed is. Several processes may pull at the same time.
 *
 * @returns for each set the path to open: a `.gguf` file, or the folder of an ONNX model.
 * @throws MissingWeightsError naming every source that was tried and why it failed.
 */
export async function pullWeights<Name extends WeightSetName = WeightSetName>(
  options: PullWeightsOptions<Name> = {},
): Promise<Record<Name, string>> {
  const known = Object.keys(WEIGHT_SETS) as Name[];
  const names = (options.sets ?? known).map((name) => checkChoice('sets', name, known));
  const models = modelsFolder(options);
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) paths[name] = await fetchSet(WEIGHT_SETS[name], models, options);
  return paths as Record<Name, string>;
}
