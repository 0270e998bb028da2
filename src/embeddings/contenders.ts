import type { BlockMaxima, Rows } from './block-maxima.ts';
import type { Piece, VectorStore } from './vector-store.ts';

/** Positions in a store, `to` excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** For each vector of a block, the few stored ones of which one is the nearest. */
export interface Contenders {
  /** In ascending order. */
  of(row: number): Range[];
  /** The vector of this row now has a position in the store, and becomes a contender of the rows after it. */
  stored(row: number, index: number): void;
}

interface Contender extends Range {
  /** The greatest product, in single precision. */
  readonly product: number;
}

/**
 * Only the greatest product of so many neighbours is read, and all of them become contenders. Small groups are more
 * numbers to read, large ones more vectors to compare.
 */
const groupFor = (stored: number) => (stored < 8_192 ? 4 : 8);

/**
 * Compares a block with everything stored, and with itself, in single precision. Whatever comes within the error of
 * that precision of the greatest product stays a contender, so the vector that is nearest in double precision is among
 * them.
 */
export async function findContenders(
  store: VectorStore,
  block: readonly Float32Array[],
  maxima: BlockMaxima,
): Promise<Contenders> {
  const left = rowsOf(block, store.dimensions);
  const margin = marginOf(store.dimensions);
  const group = groupFor(store.size);
  const found = block.map((): Contender[] => []);
  const greatest = new Float64Array(block.length).fill(-Infinity);

  for (const piece of store.pieces) {
    const right = paddedRows(piece, store.dimensions, group);
    const products = await maxima(left, right, group);
    const groups = right.count / group;
    for (const [row, contenders] of found.entries()) {
      const first = row * groups;
      const end = first + groups;
      const most = Math.max(greatest[row]!, greatestIn(products, first, end));
      greatest[row] = most;
      let at = nextIn(products, first, end, most - margin);
      while (at < end) {
        const from = piece.start + (at - first) * group;
        const to = Math.min(from + group, piece.start + piece.count);
        contenders.push({ product: products[at]!, from, to });
        at = nextIn(products, at + 1, end, most - margin);
      }
    }
  }

  const among = await maxima(left, left, 1);
  return {
    of: (row) => found[row]!.filter(({ product }) => product >= greatest[row]! - margin),
    stored(row, index) {
      for (let later = row + 1; later < block.length; later++) {
        const product = among[row * block.length + later]!;
        if (product < greatest[later]! - margin) continue;
        found[later]!.push({ product, from: index, to: index + 1 });
        greatest[later] = Math.max(greatest[later]!, product);
      }
    },
  };
}

// Loops in functions of their own, which make no objects: the engine compiles them once.

function greatestIn(products: Float32Array, first: number, end: number): number {
  let greatest = -Infinity;
  for (let at = first; at < end; at++) if (products[at]! > greatest) greatest = products[at]!;
  return greatest;
}

/** The first position, from `first` on, of a product that is not below `least`. `end` if there is none. */
function nextIn(products: Float32Array, first: number, end: number, least: number): number {
  let at = first;
  while (at < end && products[at]! < least) at++;
  return at;
}

function rowsOf(block: readonly Float32Array[], dimensions: number): Rows {
  const values = new Float32Array(block.length * dimensions);
  for (const [row, vector] of block.entries()) values.set(vector, row * dimensions);
  return { values, count: block.length };
}

/** Whole groups: the last vector is repeated, which changes no maximum. */
function paddedRows({ values, count }: Piece, dimensions: number, group: number): Rows {
  const padded = Math.ceil(count / group) * group;
  for (let row = count; row < padded; row++) {
    values.copyWithin(row * dimensions, (count - 1) * dimensions, count * dimensions);
  }
  return { values: values.subarray(0, padded * dimensions), count: padded };
}

/**
 * How much two products of unit vectors can change places by: each is off by at most one rounding per dimension, in
 * whatever order a kernel adds them up, and by two for vectors whose length is only nearly 1 (Higham, Accuracy and
 * Stability of Numerical Algorithms, section 3.1).
 */
function marginOf(dimensions: number): number {
  return 2 * (dimensions + 4) * 2 ** -24;
}
