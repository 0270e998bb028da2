import { cosine64 } from '../../embeddings/similarity.ts';
import type { NeighbourSpread } from './pool-description.ts';

/** The most similar other vector of each, and how diverse all are. */
export interface Neighbours {
  /** Null for a single vector. */
  readonly nearest: readonly ({ readonly index: number; readonly similarity: number } | null)[];
  /** See `KindDescription.effectiveSize`. */
  readonly effectiveSize: number;
}

/** Compares every two vectors. */
export function findNeighbours(vectors: readonly ArrayLike<number>[]): Neighbours {
  const nearest: ({ index: number; similarity: number } | null)[] = vectors.map(() => null);
  // Every vector resembles itself.
  let squares = vectors.length;
  for (let one = 0; one < vectors.length; one++) {
    for (let other = one + 1; other < vectors.length; other++) {
      const similarity = cosine64(vectors[one]!, vectors[other]!);
      squares += 2 * similarity * similarity;
      if (similarity > (nearest[one]?.similarity ?? -Infinity)) nearest[one] = { index: other, similarity };
      if (similarity > (nearest[other]?.similarity ?? -Infinity)) nearest[other] = { index: one, similarity };
    }
  }
  return { nearest, effectiveSize: vectors.length ** 2 / squares };
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
