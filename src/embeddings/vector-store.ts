import { cosine64, dot } from './similarity.ts';

/** Vectors that are neighbours in memory. */
export interface Piece {
  /** Position of the first one. */
  readonly start: number;
  readonly count: number;
  /** With room for more vectors after them. */
  readonly values: Float32Array;
}

/** Vectors of one length, in the order of adding. */
export interface VectorStore {
  readonly dimensions: number;
  readonly size: number;
  readonly pieces: readonly Piece[];
  /** Stores a copy. */
  add(vector: Float32Array): void;
  /** The vector at `index`, as a view. Do not write to it. Valid until the next `add`. */
  at(index: number): Float32Array;
  /** Its dot product with another vector. */
  dot(index: number, vector: Float32Array): number;
  /** Its cosine with another vector, with exact norms. */
  cosine(index: number, vector: Float32Array): number;
}

const FIRST_ROWS = 64;

/**
 * Vectors in pieces that stay where they are, so that a million can be stored without ever copying them all, and no array
 * is longer than an engine allows. Only the first piece grows.
 *
 * @param pieceRows Vectors per piece, a power of two from 64.
 */
export function createVectorStore(dimensions: number, pieceRows = 8_192): VectorStore {
  const pieces: { start: number; count: number; values: Float32Array }[] = [];
  let size = 0;

  /** The piece that has room for one more. */
  function openPiece(): (typeof pieces)[number] {
    const last = pieces.at(-1);
    if (last === undefined || last.count === pieceRows) {
      const rows = last === undefined ? FIRST_ROWS : pieceRows;
      pieces.push({ start: size, count: 0, values: new Float32Array(rows * dimensions) });
    } else if (last.count * dimensions === last.values.length) {
      const grown = new Float32Array(last.values.length * 2);
      grown.set(last.values);
      last.values = grown;
    }
    return pieces.at(-1)!;
  }

  const pieceOf = (index: number) => pieces[Math.floor(index / pieceRows)]!;
  const offsetOf = (index: number) => (index % pieceRows) * dimensions;
  const at = (index: number) => pieceOf(index).values.subarray(offsetOf(index), offsetOf(index) + dimensions);
  return {
    dimensions,
    pieces,
    get size() {
      return size;
    },
    add(vector) {
      const piece = openPiece();
      piece.values.set(vector, piece.count * dimensions);
      piece.count += 1;
      size += 1;
    },
    at,
    dot: (index, vector) => dot(pieceOf(index).values, offsetOf(index), vector),
    cosine: (index, vector) => cosine64(at(index), vector),
  };
}
