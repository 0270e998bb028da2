import { InvalidOptionError, ModelCallError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { refusedCall } from '../models/call-failures.ts';
import { checkRevision, servedAt } from '../models/model-server.ts';
import { type OpenAIClientOptions, openaiServer } from '../models/openai-client.ts';
import { type JsonEndpoint, postJson } from '../models/post-json.ts';
import type { Embedder } from './embedder.ts';
import { toUnitVector } from './unit-vector.ts';

/** Options of {@link openaiEmbedder}. */
export interface OpenAIEmbedderOptions extends OpenAIClientOptions {
  /**
   * Length of the vectors. The two `text-embedding-3` models can return shorter ones. Default: 1,536 for
   * `text-embedding-3-small` and `text-embedding-ada-002`, 3,072 for `text-embedding-3-large`. Required for any other
   * model.
   */
  readonly dimensions?: number | undefined;
  /**
   * A name you choose for the weights that the server has under this model name. It becomes part of the embedder's id. Set
   * it if the same name can stand for new weights: vectors in a run's journal are found by id and text. Default: none.
   */
  readonly revision?: string | undefined;
  /** Texts per request. Default 256. */
  readonly batchSize?: number | undefined;
}

/** What is read of each vector in a response. */
interface Vector {
  readonly index?: number;
  readonly embedding?: unknown;
}

/** Enough for a few thousand vectors. */
const MAX_RESPONSE_BYTES = 256 * 2 ** 20;

const NATIVE_DIMENSIONS = new Map([
  ['text-embedding-3-small', 1_536],
  ['text-embedding-3-large', 3_072],
  ['text-embedding-ada-002', 1_536],
]);

/**
 * Embeddings from OpenAI, or any server with its embeddings API. Batches are sent one after the other, and not retried.
 * The API refuses empty texts and texts above its token limit.
 *
 * @param model The model's name on the server. Default `text-embedding-3-small`.
 * @throws InvalidOptionError for an empty name, an invalid base URL or one with credentials, or missing `dimensions`. MissingKeyError at the
 * first call.
 * @example
 * ```ts
 * const small = openaiEmbedder();
 * const local = openaiEmbedder('bge-m3', { baseUrl: 'http://localhost:8000/v1', dimensions: 1024 });
 * ```
 */
export function openaiEmbedder(
  model = 'text-embedding-3-small',
  options: OpenAIEmbedderOptions = {},
): Embedder {
  checkKnownOptions<OpenAIEmbedderOptions>('openaiEmbedder()', options, {
    apiKey: true,
    baseUrl: true,
    timeoutMs: true,
    maxSockets: true,
    batchSize: true,
    dimensions: true,
    revision: true,
  });
  if (typeof model !== 'string' || model.trim() === '') {
    throw new InvalidOptionError('model', "a model's name", model);
  }
  const server = openaiServer(options);
  const batchSize = checkNumber('batchSize', options.batchSize ?? 256, { min: 1, integer: true });
  const revision = checkRevision(options.revision);
  const native = NATIVE_DIMENSIONS.get(model);
  const dimensions = options.dimensions ?? native;
  if (dimensions === undefined) {
    throw new InvalidOptionError('dimensions', `the length of the vectors of "${model}"`, undefined);
  }
  checkNumber('dimensions', dimensions, { min: 1, integer: true });

  const size = dimensions === native ? '' : `:${dimensions}`;
  const id = `openai:${revision === undefined ? model : `${model}@${revision}`}${size}`;
  // Only models that can shorten their vectors accept this field. Other servers refuse it.
  const shortened = native !== undefined && dimensions !== native ? { dimensions } : {};
  let endpoint: JsonEndpoint | undefined;

  async function embedBatch(input: string[], signal: AbortSignal | undefined): Promise<Float32Array[]> {
    endpoint ??= server.endpoint(id, '/embeddings', MAX_RESPONSE_BYTES);
    const { nameInErrors } = endpoint;
    const answer = await postJson(endpoint, { model, input, encoding_format: 'float', ...shortened }, signal);
    if (answer.refusal !== undefined) {
      throw refusedCall(nameInErrors, answer.status, answer.refusal, answer.header);
    }
    const { data } = (answer.body ?? {}) as { readonly data?: unknown };
    return inOrder(nameInErrors, data, input.length).map((values) =>
      toUnitVector(nameInErrors, values, dimensions!),
    );
  }

  return {
    id,
    dimensions,
    server: servedAt(server.baseUrl, revision),
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += batchSize) {
        vectors.push(...(await embedBatch(texts.slice(start, start + batchSize), signal)));
      }
      return vectors;
    },
  };
}

/** Sorts the vectors by their `index`: the API does not promise an order. */
function inOrder(id: string, data: unknown, count: number): number[][] {
  const found = Array.isArray(data) ? (data as (Vector | null)[]) : [];
  const byIndex = new Map(found.map((item, position) => [item?.index ?? position, item?.embedding]));
  return Array.from({ length: count }, (_, index) => {
    const values = byIndex.get(index);
    if (Array.isArray(values)) return values;
    throw new ModelCallError(
      id,
      `the server returned no vector for text ${index + 1} of the ${count} sent.`,
      {
        retryable: false,
      },
    );
  });
}
