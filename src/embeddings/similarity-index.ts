import { type BlockMaxima, openBlockMaxima } from './block-maxima.ts';
import { type Contenders, findContenders, type Range } from './contenders.ts';
import type { Nearest } from './similarity.ts';
import { createVectorStore } from './vector-store.ts';

/** Unit vectors of one length. Every search compares with all of them. */
export interface SimilarityIndex {
  readonly size: number;
  /** The stored vector with the greatest dot product. The earliest wins a tie. Null if nothing is stored. */
  nearest(vector: Float32Array): Nearest | null;
  /** Stores a copy. */
  add(vector: Float32Array): void;
  /** The stored vector at `index`, as a view. Do not write to it. Valid until the next `add`. */
  at(index: number): Float32Array;
  /**
   * Searches for many vectors at once, which is far faster than one at a time if there are many stored. Until the search
   * is no longer used, store vectors only through it.
   */
  search(block: readonly Float32Array[]): Promise<BlockSearch>;
}

/** Goes through a block of vectors, from the first to the last. */
export interface BlockSearch {
  /** As `nearest` of the index. Vectors of the block that were stored are found too. */
  nearest(row: number): Nearest | null;
  /** The same by {@link cosine64}. */
  nearest64(row: number): Nearest | null;
  /** Stores this vector of the block. */
  add(row: number): void;
}

/** Vectors that are worth searching for at once. */
export const BLOCK = 256;

/** Fewer pairs take JavaScript some 15 ms. */
const WORTH_LOADING = 2 ** 15;

export interface SimilarityIndexOptions {
  /** Threads of a search for many vectors. Default: one per core, at most 4. */
  readonly threads?: number | undefined;
}

/** @param dimensions Length of every vector. Neither length nor norm of the vectors is checked. */
export function createSimilarityIndex(
  dimensions: number,
  { threads }: SimilarityIndexOptions = {},
): SimilarityIndex {
  const store = createVectorStore(dimensions);
  let loading: Promise<BlockMaxima | null> | undefined;

  async function contendersOf(block: readonly Float32Array[]): Promise<Contenders | null> {
    const pairs = block.length * (store.size + block.length / 2);
    if (pairs < WORTH_LOADING) return null;
    loading ??= loadBlockMaxima(threads);
    const maxima = await loading;
    return maxima === null ? null : findContenders(store, block, maxima);
  }

  const all = (): Range[] => [{ from: 0, to: store.size }];
  return {
    get size() {
      return store.size;
    },
    nearest: (vector) => nearestIn(all(), store.dot, vector),
    add: store.add,
    at: store.at,
    async search(block) {
      const contenders = await contendersOf(block);
      const rangesOf = (row: number) => contenders?.of(row) ?? all();
      return {
        nearest: (row) => nearestIn(rangesOf(row), store.dot, block[row]!),
        nearest64: (row) => nearestIn(rangesOf(row), store.cosine, block[row]!),
        add(row) {
          contenders?.stored(row, store.size);
          store.add(block[row]!);
        },
      };
    },
  };
}

/** Null where there is no onnxruntime. The search then compares one by one. */
async function loadBlockMaxima(threads: number | undefined): Promise<BlockMaxima | null> {
  const { loadOnnxRuntime } = await import('./onnx-runtime.ts');
  const runtime = await loadOnnxRuntime();
  return runtime === null ? null : openBlockMaxima(runtime, threads);
}

/** The position of the greatest similarity, the first of equals. */
function nearestIn(
  ranges: readonly Range[],
  similarityTo: (index: number, vector: Float32Array) => number,
  vector: Float32Array,
): Nearest | null {
  let best = -1;
  let similarity = -Infinity;
  for (const { from, to } of ranges) {
    for (let index = from; index < to; index++) {
      const found = similarityTo(index, vector);
      if (found > similarity) {
        similarity = found;
        best = index;
      }
    }
  }
  return best < 0 ? null : { index: best, similarity };
}
