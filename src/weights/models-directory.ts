import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkPath } from '../internal/check-path.ts';
import { checkChoice } from '../internal/options.ts';
import { userCacheDir } from '../internal/user-cache-dir.ts';
import { filesOf, WEIGHT_SETS, type WeightSet, type WeightSetName, type WeightSource } from './sources.ts';

/** Where weights are kept. */
export interface ModelsFolderOptions {
  /**
   * Directory with one subdirectory per set. Default: `ALOE_MODELS_DIR`, else `aloe-align/models` in the user's cache
   * directory.
   */
  readonly modelsDir?: string | undefined;
}

/** Absolute path of the directory for weights. It may not exist yet. */
export function modelsDirectory({ modelsDir }: ModelsFolderOptions = {}): string {
  const dir = modelsDir || process.env.ALOE_MODELS_DIR || join(userCacheDir(), 'aloe-align', 'models');
  return resolve(checkPath('modelsDir', dir));
}

/**
 * Path of the weights on this machine: a `.gguf` file, or the directory of an ONNX model. Null if a file is missing or
 * has the wrong size. Checksums are verified when weights are pulled, not here.
 */
export function locateWeights(name: WeightSetName, options: ModelsFolderOptions = {}): string | null {
  const set = WEIGHT_SETS[checkChoice('name', name, Object.keys(WEIGHT_SETS) as WeightSetName[])];
  const dir = join(modelsDirectory(options), set.name);
  return presentSource(set, dir) === undefined ? null : openedPath(set, dir);
}

/** The source whose files are all in the directory, with the right sizes. */
export function presentSource(set: WeightSet, dir: string): WeightSource | undefined {
  return set.sources.find((source) =>
    filesOf(source).every(
      ({ path, bytes }) => statSync(join(dir, path), { throwIfNoEntry: false })?.size === bytes,
    ),
  );
}

/** The path to open: the set's one file, or its directory. */
export function openedPath(set: WeightSet, dir: string): string {
  return set.opens === undefined ? dir : join(dir, set.opens);
}
