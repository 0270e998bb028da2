import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { messageOf } from '../internal/message-of.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkChoice, checkMethod, checkNumber } from '../internal/options.ts';
import type { Embedder } from './embedder.ts';
import { type EmbedderDtype, type EmbedderWeights, findEmbedderWeights } from './local-weights.ts';
import { type SessionOptions, sessionOptions } from './session-options.ts';
import { toUnitVector } from './unit-vector.ts';

export type { EmbedderDtype } from './local-weights.ts';

/** The library under its present name, or its former one (2.x). Both have the same interface. */
export type TransformersPackage = '@huggingface/transformers' | '@xenova/transformers';

/** The part of a transformers library that the embedder uses. */
export interface TransformersModule {
  /** Loads a model. Returns a function that turns texts into token vectors. */
  pipeline(task: 'feature-extraction', model: string, options: object): Promise<unknown>;
}

/** Options of {@link transformersEmbedder}. */
export interface TransformersEmbedderOptions {
  /** The library that runs the model: a package name, or the imported module. Default `@huggingface/transformers`. */
  readonly lib?: TransformersPackage | TransformersModule | undefined;
  /**
   * Directory with `config.json`, `tokenizer.json`, `tokenizer_config.json` and `onnx/model_quantized.onnx` (q8) or
   * `onnx/model.onnx` (fp32). Default: the all-MiniLM-L6-v2 of `aloe models pull`, if it was pulled.
   */
  readonly modelPath?: string | undefined;
  /** Hub id, downloaded by the library. Default `Xenova/all-MiniLM-L6-v2`, if nothing was pulled. */
  readonly model?: string | undefined;
  /** Precision of the weights. Default `q8`. */
  readonly dtype?: EmbedderDtype | undefined;
  /**
   * Texts per forward pass. Default 1 for q8, 16 for fp32. Many 8-bit exports, such as those on the hub, quantise
   * activations at run time: a text's vector would then depend on the other texts in the batch.
   */
  readonly batchSize?: number | undefined;
  /**
   * Threads of a forward pass. Default: one per core, at most 4. `@xenova/transformers` does not pass it on: there it is
   * one per core.
   */
  readonly threads?: number | undefined;
  /** Length of the model's vectors. Default 384. */
  readonly dimensions?: number | undefined;
}

type FeatureExtractor = (
  texts: string[],
  options: { pooling: 'mean'; normalize: boolean },
) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>;

/**
 * all-MiniLM-L6-v2, under any name of a directory or hub. At 0.7 all reworded and copied seeds but one of each are found, and
 * no two people of the benchmark are taken for the same. See docs/embedders.md for the figures.
 */
const MINILM = { name: /all-minilm-l6-v2/i, similarityThreshold: { profiles: 0.7, personalities: 0.7 } };

const LIBRARIES: readonly TransformersPackage[] = ['@huggingface/transformers', '@xenova/transformers'];
const NEEDED_FOR = 'transformersEmbedder()';

/**
 * Sentence embeddings on this machine, with a transformers library: mean pooling over the tokens, unit length. The model
 * is loaded once, at the first call. Longer texts are cut at the model's limit (512 tokens for MiniLM).
 *
 * The id names weights and precision but not the library: both libraries give the same vectors.
 *
 * @throws InvalidOptionError, or MissingWeightsError for an incomplete directory. At the first call MissingPackageError,
 * or MissingWeightsError when the hub is needed and cannot be reached.
 * @example
 * ```ts
 * const embedder = transformersEmbedder(); // the weights of `aloe models pull`
 * const [first, second] = await embedder.embed(['I keep bees.', 'I have two hives.']);
 * ```
 */
export function transformersEmbedder(options: TransformersEmbedderOptions = {}): Embedder {
  checkKnownOptions<TransformersEmbedderOptions>('transformersEmbedder()', options, {
    lib: true,
    modelPath: true,
    model: true,
    dtype: true,
    batchSize: true,
    threads: true,
    dimensions: true,
  });
  const { lib = LIBRARIES[0]!, dtype = 'q8' } = options;
  if (typeof lib === 'string') checkChoice('lib', lib, LIBRARIES);
  else checkMethod('lib', lib, 'pipeline', 'the name of a package or its module, with a pipeline function');
  checkChoice('dtype', dtype, ['q8', 'fp32']);
  const batchSize = checkNumber('batchSize', options.batchSize ?? (dtype === 'q8' ? 1 : 16), {
    min: 1,
    integer: true,
  });
  const session = sessionOptions(
    options.threads === undefined
      ? undefined
      : checkNumber('threads', options.threads, { min: 1, integer: true }),
  );
  const dimensions = checkNumber('dimensions', options.dimensions ?? 384, { min: 1, integer: true });
  if (options.modelPath !== undefined && options.model !== undefined) {
    throw new InvalidOptionError('model', 'left out if modelPath is given', options.model);
  }
  const weights = findEmbedderWeights({ modelPath: options.modelPath, model: options.model, dtype });
  const id = `transformers:${weights.label}`;

  let loading: Promise<FeatureExtractor> | undefined;
  function load(): Promise<FeatureExtractor> {
    loading ??= loadExtractor(lib, weights, dtype, session).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  return {
    id,
    dimensions,
    ...(MINILM.name.test(weights.label) && { similarityThreshold: MINILM.similarityThreshold }),
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

/** Indices in batches of similar length, since every text is padded to the longest of its batch. */
function* batchesByLength(texts: readonly string[], batchSize: number): Generator<number[]> {
  const order = [...texts.keys()].sort((a, b) => texts[a]!.length - texts[b]!.length);
  for (let start = 0; start < order.length; start += batchSize) yield order.slice(start, start + batchSize);
}

async function loadExtractor(
  lib: TransformersPackage | TransformersModule,
  weights: EmbedderWeights,
  dtype: EmbedderDtype,
  session: SessionOptions,
): Promise<FeatureExtractor> {
  const { pipeline } =
    typeof lib === 'string' ? await importOptional<TransformersModule>(lib, NEEDED_FOR) : lib;
  // Each library reads its own precision field and ignores the other. 2.x finds an absolute path only through its file
  // cache: with an empty cache directory it uses the path unchanged, and its global settings stay untouched.
  const precision = { dtype, quantized: dtype === 'q8' };
  const place = weights.local ? { cache_dir: '', local_files_only: true } : {};
  try {
    return (await pipeline('feature-extraction', weights.model, {
      ...precision,
      ...place,
      session_options: session,
    })) as FeatureExtractor;
  } catch (cause) {
    const reason = messageOf(cause);
    if (weights.local)
      throw new InvalidFileError(weights.model, `cannot load the model (${reason}).`, { cause });
    throw new MissingWeightsError(
      `Cannot load the embedding model "${weights.model}" from the hub (${reason}).`,
      {
        hint: 'Run "npx aloe-align models pull" for the default model, or pass a local directory as modelPath.',
        cause,
      },
    );
  }
}
