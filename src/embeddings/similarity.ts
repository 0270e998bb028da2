/** The nearest stored vector and how similar it is. */
export interface Nearest {
  /** Position in the order of adding, from 0. */
  readonly index: number;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** Unit vectors of one length in one block of memory. Every search compares with all of them. */
export interface SimilarityIndex {
  readonly size: number;
  /** The stored vector with the greatest dot product. The earliest wins a tie. Null if nothing is stored. */
  nearest(vector: Float32Array): Nearest | null;
  /** Stores a copy. */
  add(vector: Float32Array): void;
  /** The stored vector at `index`, as a view. Do not write to it. Valid until the next `add`. */
  at(index: number): Float32Array;
}

const FIRST_CAPACITY = 64;

/** @param dimensions Length of every vector. Neither length nor norm of the vectors is checked. */
export function createSimilarityIndex(dimensions: number): SimilarityIndex {
  let stored = new Float32Array(FIRST_CAPACITY * dimensions);
  let size = 0;
  return {
    get size() {
      return size;
    },
    nearest(vector) {
      let best = -1;
      let similarity = -Infinity;
      for (let index = 0; index < size; index++) {
        const product = dot(stored, index * dimensions, vector);
        if (product > similarity) {
          similarity = product;
          best = index;
        }
      }
      return best < 0 ? null : { index: best, similarity };
    },
    add(vector) {
      if ((size + 1) * dimensions > stored.length) {
        const grown = new Float32Array(stored.length * 2);
        grown.set(stored);
        stored = grown;
      }
      stored.set(vector, size * dimensions);
      size += 1;
    },
    at: (index) => stored.subarray(index * dimensions, (index + 1) * dimensions),
  };
}

/** Four running sums: with only one, every addition would wait for the one before it. */
function dot(stored: Float32Array, offset: number, vector: Float32Array): number {
  const length = vector.length;
  const whole = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += stored[offset + i]! * vector[i]!;
    b += stored[offset + i + 1]! * vector[i + 1]!;
    c += stored[offset + i + 2]! * vector[i + 2]!;
    d += stored[offset + i + 3]! * vector[i + 3]!;
  }
  for (let i = whole; i < length; i++) a += stored[offset + i]! * vector[i]!;
  return a + b + (c + d);
}

/**
 * Cosine similarity in double precision, with exact norms. Decides cases too close for a dot product of vectors whose
 * length is only nearly 1. 0 if either vector is zero.
 */
export function cosine64(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squaresA += a[i]! * a[i]!;
    squaresB += b[i]! * b[i]!;
  }
  const norms = Math.sqrt(squaresA * squaresB);
  return norms === 0 ? 0 : product / norms;
}
