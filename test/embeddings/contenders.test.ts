import { describe, expect, it } from 'vitest';
import { type BlockMaxima, openBlockMaxima } from '../../src/embeddings/block-maxima.ts';
import { findContenders, type Range } from '../../src/embeddings/contenders.ts';
import { loadOnnxRuntime } from '../../src/embeddings/onnx-runtime.ts';
import { createVectorStore } from '../../src/embeddings/vector-store.ts';
import { scattered, tied } from './random-vectors.ts';

const maxima = await openBlockMaxima((await loadOnnxRuntime())!);
const positions = (ranges: readonly Range[]) =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));

function storeOf(vectors: readonly Float32Array[], pieceRows?: number) {
  const store = createVectorStore(vectors[0]!.length, pieceRows);
  for (const vector of vectors) store.add(vector);
  return store;
}

describe('findContenders', () => {
  it.each([1, 7, 8, 9, 63, 64, 65, 200])('has the nearest of %i among few, in order', async (count) => {
    const store = storeOf(scattered({ seed: 3, count, dimensions: 40 }), 64);
    const block = scattered({ seed: 4, count: 50, dimensions: 40 });
    const contenders = await findContenders(store, block, maxima);
    for (const [row, vector] of block.entries()) {
      const products = Array.from({ length: count }, (_, index) => store.dot(index, vector));
      const found = positions(contenders.of(row));
      expect(found).toContain(products.indexOf(Math.max(...products)));
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
      expect(found.every((index) => index < count)).toBe(true);
      // One group of four, and rarely a second that comes as near.
      expect(found.length).toBeLessThanOrEqual(8);
    }
  });

  it('is not misled by the room after the last vector where all similarities are negative', async () => {
    const near = Float32Array.of(-0.28, 0.96);
    const store = storeOf([...Array.from({ length: 8 }, () => near), Float32Array.of(-1, 0)]);
    const contenders = await findContenders(store, [Float32Array.of(1, 0)], maxima);
    expect(positions(contenders.of(0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('has all that are equally near', async () => {
    const vectors = tied({ seed: 6, count: 400, dimensions: 3 });
    const store = storeOf(vectors, 64);
    const block = tied({ seed: 7, count: 40, dimensions: 3 });
    const contenders = await findContenders(store, block, maxima);
    for (const [row, vector] of block.entries()) {
      const products = vectors.map((_, index) => store.dot(index, vector));
      const most = Math.max(...products);
      const nearest = [...products.keys()].filter((index) => products[index] === most);
      expect(positions(contenders.of(row))).toEqual(expect.arrayContaining(nearest));
    }
  });

  it('adds what is stored of the block to the rows after it, if it is as near', async () => {
    const store = storeOf([Float32Array.of(0, 1, 0)]);
    const block = [
      Float32Array.of(1, 0, 0),
      Float32Array.of(0.8, 0.6, 0),
      Float32Array.of(0, 0.8, 0.6),
      Float32Array.of(1, 0, 0),
    ];
    const contenders = await findContenders(store, block, maxima);
    contenders.stored(0, 1);
    store.add(block[0]!);
    expect([0, 1, 2, 3].map((row) => positions(contenders.of(row)))).toEqual([[0], [1], [0], [1]]);
    contenders.stored(1, 2);
    expect([2, 3].map((row) => positions(contenders.of(row)))).toEqual([[0], [1]]);
  });

  it('keeps whatever single precision cannot tell from the greatest', async () => {
    // A kernel may be wrong by a rounding per dimension: 384 and 4 more for each of the two, at 2^-24.
    const margin = 2 * 388 * 2 ** -24;
    const scripted =
      (first: number, second: number): BlockMaxima =>
      async (_left, _right, group) =>
        Float32Array.from(group === 1 ? [0] : [first, second]);
    const vectors = Array.from({ length: 8 }, () => new Float32Array(384));
    const of = async (first: number, second: number) =>
      positions((await findContenders(storeOf(vectors), [vectors[0]!], scripted(first, second))).of(0));
    expect(await of(0.5, 0.5 + 0.99 * margin)).toHaveLength(8);
    expect(await of(0.5 + 0.99 * margin, 0.5)).toHaveLength(8);
    expect(await of(0.5, 0.5 + 1.01 * margin)).toEqual([4, 5, 6, 7]);
    expect(await of(0.5 + 1.01 * margin, 0.5)).toEqual([0, 1, 2, 3]);
  });
});
