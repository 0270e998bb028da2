import type { Nearest } from '../../embeddings/similarity.ts';
import { BLOCK, createSimilarityIndex } from '../../embeddings/similarity-index.ts';
import type { NeighbourSpread } from './pool-description.ts';

/** The most similar other vector of each, and how diverse all are. */
export interface Neighbours {
  /** Null for a single vector. */
  readonly nearest: readonly (Nearest | null)[];
  /** See `KindDescription.effectiveSize`. */
  readonly effectiveSize: number;
}

/**
 * Compares every two vectors, in blocks where there are many and onnxruntime is installed.
 *
 * @param vectors Of unit length.
 */
export async function findNeighbours(vectors: readonly Float32Array[]): Promise<Neighbours> {
  const before = await nearestBefore(vectors);
  const after = (await nearestBefore(vectors.toReversed())).toReversed();
  const last = vectors.length - 1;
  const nearest = vectors.map((_, index) => {
    const [earlier, later] = [before[index]!, after[index]!];
    if (later === null || (earlier !== null && earlier.similarity >= later.similarity)) return earlier;
    return { index: last - later.index, similarity: later.similarity };
  });
  return { nearest, effectiveSize: effectiveSizeOf(vectors) };
}

/** For each vector the nearest of those that come before it. */
async function nearestBefore(vectors: readonly Float32Array[]): Promise<(Nearest | null)[]> {
  const index = createSimilarityIndex(vectors[0]?.length ?? 0);
  const nearest: (Nearest | null)[] = [];
  for (let start = 0; start < vectors.length; start += BLOCK) {
    const block = vectors.slice(start, start + BLOCK);
    const search = await index.search(block);
    for (const row of block.keys()) {
      nearest.push(search.nearest64(row));
      search.add(row);
    }
  }
  return nearest;
}

/**
 * The sum of all squared similarities is that of the squared products of every two dimensions: of X Xᵀ and of Xᵀ X. There
 * are fewer dimensions than vectors in a large pool.
 */
function effectiveSizeOf(vectors: readonly Float32Array[]): number {
  const dimensions = vectors[0]?.length ?? 0;
  const products = new Float64Array(dimensions * dimensions);
  for (const vector of vectors) {
    // In single precision, a length is only nearly 1.
    const squaredLength = vector.reduce((sum, value) => sum + value * value, 0);
    for (let one = 0; one < dimensions; one++) {
      const value = vector[one]! / squaredLength;
      if (value === 0) continue;
      for (let other = 0; other <= one; other++)
        products[one * dimensions + other]! += value * vector[other]!;
    }
  }
  let squares = 0;
  for (let one = 0; one < dimensions; one++) {
    for (let other = 0; other < one; other++) squares += 2 * products[one * dimensions + other]! ** 2;
    squares += products[one * dimensions + one]! ** 2;
  }
  return vectors.length ** 2 / squares;
}

/** The distribution of some similarities. */
export function spreadOf(similarities: readonly number[]): NeighbourSpread {
  const sorted = [...similarities].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  const total = sorted.reduce((sum, similarity) => sum + similarity, 0);
  return {
    minimum: at(0),
    median: at(0.5),
    mean: sorted.length === 0 ? null : total / sorted.length,
    p95: at(0.95),
    maximum: at(1),
  };
}
