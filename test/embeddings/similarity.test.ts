import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine64 } from '../../src/embeddings/similarity.ts';
import { createSimilarityIndex } from '../../src/embeddings/similarity-index.ts';

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

describe('cosine64', () => {
  it('divides by the norms', () => {
    expect(cosine64([3, 4], [5, 0])).toBe(0.6);
    expect(cosine64([1, 0], [0, 2])).toBe(0);
    expect(cosine64([1, 1], [-2, -2])).toBeCloseTo(-1, 15);
  });

  it('is 0 for the zero vector', () => {
    expect(cosine64([0, 0], [1, 0])).toBe(0);
  });
});
