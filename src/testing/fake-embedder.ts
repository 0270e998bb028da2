import type { Embedder } from '../embeddings/embedder.ts';
import { seededRandom } from '../internal/random.ts';

/** The embedder that {@link fakeEmbedder} makes. */
export interface FakeEmbedder extends Embedder {
  /** Number of texts embedded so far. */
  readonly embedded: number;
}

/**
 * An embedder without a model, for tests. Each word has a fixed random direction and a text's vector is the sum of its
 * words, so texts that share words are close. Equal texts have equal vectors in every process.
 *
 * @param options.dimensions Length of the vectors. Default 64.
 */
export function fakeEmbedder(options: { readonly dimensions?: number } = {}): FakeEmbedder {
  const dimensions = options.dimensions ?? 64;
  let embedded = 0;
  return {
    id: `fake:${dimensions}`,
    dimensions,
    get embedded() {
      return embedded;
    },
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      embedded += texts.length;
      return texts.map((text) => unitSum(text, dimensions));
    },
  };
}

function unitSum(text: string, dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    let hash = 2166136261;
    for (const character of word) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
    const random = seededRandom(hash);
    for (let i = 0; i < dimensions; i++) sum[i] = sum[i]! + random() - 0.5;
  }
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}
