import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { checkChoice, checkMethod, checkNumber } from '../internal/options.ts';
import type { Embedder } from './embedder.ts';
import { type EmbedderDtype, type EmbedderWeights, findEmbedderWeights } from './local-weights.ts';
import { toUnitVector } from './unit-vector.ts';

export type { EmbedderDtype } from './local-weights.ts';

/** The two packages that run ONNX models with the same interface: today's name and the former one (2.x). */
export type TransformersPackage = '@huggingface/transformers' | '@xenova/transformers';

/** The part of a transformers library that is used: its `pipeline` function. */
export interface TransformersModule {
  pipeline(task: 'feature-extraction', model: string, options: object): Promise<unknown>;
}

export interface TransformersEmbedderOptions {
  /** Which library runs the model: a package's name, or the module already imported. Default `@huggingface/transformers`. */
  readonly lib?: TransformersPackage | TransformersModule | undefined;
  /**
   * Folder with `config.json`, `tokenizer.json`, `tokenizer_config.json` and `onnx/model_quantized.onnx` (q8) or
   * `onnx/model.onnx` (fp32). Default: the all-MiniLM-L6-v2 that `aloe models pull` fetched, if it is there.
   */
  readonly modelPath?: string | undefined;
  /** Hub id, which the library downloads in its own way. Default `Xenova/all-MiniLM-L6-v2`, if no folder is found. */
  readonly model?: string | undefined;
  /** Precision of the weights. Default `q8`. */
  readonly dtype?: EmbedderDtype | undefined;
  /**
   * Texts that run through the model at once. Default 1 for q8, 16 for fp32: 8-bit exports that quantise activations
   * while they run, as those of the hub do, give a text another vector in other company.
   */
  readonly batchSize?: number | undefined;
  /** Length of the model's vectors. Default 384. */
  readonly dimensions?: number | undefined;
}

type FeatureExtractor = (
  texts: string[],
  options: { pooling: 'mean'; normalize: boolean },
) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>;

const LIBRARIES: readonly TransformersPackage[] = ['@huggingface/transformers', '@xenova/transformers'];
const NEEDED_FOR = 'transformersEmbedder()';

/**
 * Sentence embeddings on this machine by a transformers library: mean pooling over the tokens, unit length. The model
 * is loaded at the first call, once. Texts longer than the model's limit (512 tokens for MiniLM) are cut there.
 *
 * The id names weights and precision and not the library: both libraries give the same vectors.
 *
 * @throws InvalidOptionError and MissingWeightsError (an incomplete folder) at once; at the first call
 * MissingPackageError, or MissingWeightsError when the hub is needed and cannot be reached.
 */
export function transformersEmbedder(options: TransformersEmbedderOptions = {}): Embedder {
  const { lib = LIBRARIES[0]!, dtype = 'q8' } = options;
  if (typeof lib === 'string') checkChoice('lib', lib, LIBRARIES);
  else checkMethod('lib', lib, 'pipeline', 'the name of a package or its module, with a pipeline function');
  checkChoice('dtype', dtype, ['q8', 'fp32']);
  const batchSize = checkNumber('batchSize', options.batchSize ?? (dtype === 'q8' ? 1 : 16), {
    min: 1,
    integer: true,
  });
  const dimensions = checkNumber('dimensions', options.dimensions ?? 384, { min: 1, integer: true });
  if (options.modelPath !== undefined && options.model !== undefined) {
    throw new InvalidOptionError('model', 'nothing beside modelPath', options.model);
  }
  const weights = findEmbedderWeights({ modelPath: options.modelPath, model: options.model, dtype });
  const id = `transformers:${weights.label}`;

  let loading: Promise<FeatureExtractor> | undefined;
  function load(): Promise<FeatureExtractor> {
    loading ??= loadExtractor(lib, weights, dtype).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  return {
    id,
    dimensions,
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      if (texts.length === 0) return [];
      const extract = await load();
      const vectors: Float32Array[] = new Array(texts.length);
      for (const batch of batchesByLength(texts, batchSize)) {
        signal?.throwIfAborted();
        const { data } = await extract(
          batch.map((index) => texts[index]!),
          { pooling: 'mean', normalize: false },
        );
        const width = data.length / batch.length;
        for (const [row, index] of batch.entries()) {
          vectors[index] = toUnitVector(id, data.subarray(row * width, (row + 1) * width), dimensions);
        }
      }
      return vectors;
    },
  };
}

/** Indices in batches of like length: every text of a batch is padded to the longest of it. */
function* batchesByLength(texts: readonly string[], batchSize: number): Generator<number[]> {
  const order = [...texts.keys()].sort((a, b) => texts[a]!.length - texts[b]!.length);
  for (let start = 0; start < order.length; start += batchSize) yield order.slice(start, start + batchSize);
}

async function loadExtractor(
  lib: TransformersPackage | TransformersModule,
  weights: EmbedderWeights,
  dtype: EmbedderDtype,
): Promise<FeatureExtractor> {
  const { pipeline } =
    typeof lib === 'string' ? await importOptional<TransformersModule>(lib, NEEDED_FOR) : lib;
  // Each library reads its own precision field and leaves the other alone. 2.x finds an absolute path only through its
  // file cache, and with an empty cache folder the path is taken as it stands; nothing global is changed for that.
  const precision = { dtype, quantized: dtype === 'q8' };
  const place = weights.local ? { cache_dir: '', local_files_only: true } : {};
  try {
    return (await pipeline('feature-extraction', weights.model, {
      ...precision,
      ...place,
    })) as FeatureExtractor;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (weights.local)
      throw new InvalidFileError(weights.model, `the model cannot be loaded (${reason}).`, { cause });
    throw new MissingWeightsError(
      `The embedding model "${weights.model}" could not be loaded from the hub (${reason}).`,
      {
        hint: 'Run "npx aloe-align models pull" for the default model, or pass modelPath with a folder of this machine.',
        cause,
      },
    );
  }
}
