/** The nearest stored vector and how similar it is. */
export interface Nearest {
  /** Position in the order of adding, from 0. */
  readonly index: number;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/**
 * The dot product of a vector with the one at `offset`, in double precision. Four running sums: with only one, every
 * addition would wait for the one before it.
 */
export function dot(stored: Float32Array, offset: number, vector: Float32Array): number {
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
