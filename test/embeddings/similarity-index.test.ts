import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine64 } from '../../src/embeddings/similarity.ts';
import { createSimilarityIndex } from '../../src/embeddings/similarity-index.ts';
import { clustered, scattered, tied } from './random-vectors.ts';

/** Unit vectors of one length, from 1 to 9 numbers, so that every remainder of four occurs. */
const unitVectors = fc
  .integer({ min: 1, max: 9 })
  .chain((dimensions) =>
    fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: dimensions, maxLength: dimensions }), {
      minLength: 1,
      maxLength: 150,
    }),
  )
  .map((rows) => rows.map(unit));

function unit(row: readonly number[]): Float32Array {
  const length = Math.hypot(...row);
  return Float32Array.from(row, (value, index) => (length === 0 ? Number(index === 0) : value / length));
}

describe('createSimilarityIndex', () => {
  it('finds nothing while it is empty', () => {
    expect(createSimilarityIndex(3).nearest(Float32Array.of(1, 0, 0))).toBeNull();
  });

  it('finds the most similar vector, as a plain search in double precision does', () => {
    fc.assert(
      fc.property(unitVectors, ([query, ...stored]) => {
        const index = createSimilarityIndex(query!.length);
        for (const vector of stored) index.add(vector);
        expect(index.size).toBe(stored.length);
        const found = index.nearest(query!);
        const best = Math.max(...stored.map((vector) => cosine64(vector, query!)));
        if (stored.length === 0) expect(found).toBeNull();
        else {
          expect(found!.similarity).toBeCloseTo(best, 6);
          expect(cosine64(stored[found!.index]!, query!)).toBeCloseTo(best, 6);
        }
      }),
    );
  });

  it('returns the earliest of equals', () => {
    const index = createSimilarityIndex(2);
    for (const vector of [Float32Array.of(0, 1), Float32Array.of(1, 0), Float32Array.of(1, 0)])
      index.add(vector);
    expect(index.nearest(Float32Array.of(1, 0))).toEqual({ index: 1, similarity: 1 });
  });

  it('stores a copy, independent of later changes, beyond its first capacity too', () => {
    const index = createSimilarityIndex(2);
    const vector = Float32Array.of(1, 0);
    index.add(vector);
    vector.set([0, 1]);
    for (let i = 0; i < 200; i++) index.add(Float32Array.of(0, 1));
    expect([...index.at(0)]).toEqual([1, 0]);
    expect([...index.at(200)]).toEqual([0, 1]);
  });
});

/** Stores every other vector of a block as it goes, and returns what was nearest to each, by both measures. */
async function searchInBlocks(vectors: readonly Float32Array[], blockSize: number) {
  const index = createSimilarityIndex(vectors[0]!.length);
  const found = [];
  for (let start = 0; start < vectors.length; start += blockSize) {
    const block = vectors.slice(start, start + blockSize);
    const search = await index.search(block);
    for (const row of block.keys()) {
      found.push([search.nearest(row), search.nearest64(row)]);
      if ((start + row) % 2 === 0) search.add(row);
    }
  }
  return { found, size: index.size };
}

describe('a search for many vectors at once', () => {
  it.each([
    ['scattered', scattered({ seed: 11, count: 800, dimensions: 24 })],
    ['clustered', clustered({ seed: 12, count: 800, dimensions: 24 })],
    ['tied', tied({ seed: 13, count: 800, dimensions: 4 })],
  ])('finds what a search for one finds: %s vectors', async (_name, vectors) => {
    const alone = await searchInBlocks(vectors, 1);
    expect(await searchInBlocks(vectors, 400)).toEqual(alone);
    expect(alone.size).toBe(400);
    expect(alone.found[0]).toEqual([null, null]);
    expect(alone.found.slice(1).every(([dot, cosine]) => dot !== null && cosine !== null)).toBe(true);
  });

  it('finds the same beyond the first piece of memory', async () => {
    const vectors = scattered({ seed: 14, count: 8_500, dimensions: 8 });
    const index = createSimilarityIndex(8);
    for (const vector of vectors) index.add(vector);
    const block = scattered({ seed: 15, count: 100, dimensions: 8 });
    const search = await index.search(block);
    for (const [row, vector] of block.entries()) expect(search.nearest(row)).toEqual(index.nearest(vector));
  });
});
