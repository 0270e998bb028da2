import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { MissingWeightsError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { locateWeights } from '../weights/models-directory.ts';

/** Precision of the weights: 8-bit integers, or 32-bit floats. */
export type EmbedderDtype = 'q8' | 'fp32';

/** What a transformers library loads: a local directory, or a hub id that it downloads itself. */
export interface EmbedderWeights {
  /** Everything a vector depends on, for the embedder's id. The library that runs the weights is not part of it. */
  readonly label: string;
  /** Absolute path, or hub id. */
  readonly model: string;
  readonly local: boolean;
}

export interface FindEmbedderWeightsOptions {
  readonly modelPath?: string | undefined;
  readonly model?: string | undefined;
  readonly dtype: EmbedderDtype;
}

const DEFAULT_MODEL = 'Xenova/all-MiniLM-L6-v2';

/** Both transformers libraries require these names. */
const ONNX_FILES = { q8: 'onnx/model_quantized.onnx', fp32: 'onnx/model.onnx' } as const;

/**
 * The directory in the options, else the pulled weights (which are 8-bit), else the hub.
 *
 * @throws MissingWeightsError when the directory lacks a file.
 */
export function findEmbedderWeights({
  modelPath,
  model,
  dtype,
}: FindEmbedderWeightsOptions): EmbedderWeights {
  const pulled = model === undefined && dtype === 'q8' ? locateWeights('all-minilm-l6-v2') : null;
  const dir = modelPath ?? pulled;
  if (dir === null) {
    const id = model ?? DEFAULT_MODEL;
    return { label: `${id}:${dtype}`, model: id, local: false };
  }
  const path = resolve(checkPath('modelPath', dir));
  const onnx = join(path, ONNX_FILES[dtype]);
  for (const file of [
    onnx,
    ...['config.json', 'tokenizer.json', 'tokenizer_config.json'].map((name) => join(path, name)),
  ]) {
    if (existsSync(file)) continue;
    throw new MissingWeightsError(`The embedding model in ${path} is incomplete: ${file} is missing.`, {
      hint: 'Pass a complete directory. Or use the default model: run "npx aloe-align models pull" and leave out modelPath.',
    });
  }
  const sum = createHash('sha256').update(readFileSync(onnx)).digest('hex');
  return { label: `${basename(path)}:${dtype}:${sum.slice(0, 8)}`, model: path, local: true };
}
