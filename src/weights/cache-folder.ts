import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkChoice } from '../internal/options.ts';
import { userCacheFolder } from '../internal/user-cache-folder.ts';
import { filesOf, WEIGHT_SETS, type WeightSet, type WeightSetName, type WeightSource } from './sources.ts';

export interface ModelsFolderOptions {
  /** Folder that holds one folder a set. Default: `ALOE_MODELS_DIR`, or `aloe-align/models` in the user's cache folder. */
  readonly modelsDir?: string | undefined;
}

/** The folder in which weights are kept, as an absolute path. It need not exist. */
export function modelsFolder({ modelsDir }: ModelsFolderOptions = {}): string {
  return resolve(modelsDir || process.env.ALOE_MODELS_DIR || join(userCacheFolder(), 'aloe-align', 'models'));
}

/**
 * Where the weights are on this machine: a `.gguf` file, or the folder of an ONNX model. Null when they are missing
 * or a file has the wrong size. Sums are checked when weights are pulled, not here.
 */
export function locateWeights(name: WeightSetName, options: ModelsFolderOptions = {}): string | null {
  const set = WEIGHT_SETS[checkChoice('name', name, Object.keys(WEIGHT_SETS) as WeightSetName[])];
  const folder = join(modelsFolder(options), set.name);
  return presentSource(set, folder) === undefined ? null : openedPath(set, folder);
}

/** The source whose files, all of them and in their right sizes, are in the folder. */
export function presentSource(set: WeightSet, folder: string): WeightSource | undefined {
  return set.sources.find((source) =>
    filesOf(source).every(
      ({ path, bytes }) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === bytes,
    ),
  );
}

/** What a caller opens: the set's one file, or its folder. */
export function openedPath(set: WeightSet, folder: string): string {
  return set.opens === undefined ? folder : join(folder, set.opens);
}
