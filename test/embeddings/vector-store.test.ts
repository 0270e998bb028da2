import { describe, expect, it } from 'vitest';
import { cosine64, dot } from '../../src/embeddings/similarity.ts';
import { createVectorStore } from '../../src/embeddings/vector-store.ts';
import { scattered } from './random-vectors.ts';

const vectors = scattered({ seed: 5, count: 300, dimensions: 6 });

function filled(pieceRows?: number) {
  const store = createVectorStore(6, pieceRows);
  for (const vector of vectors) store.add(vector);
  return store;
}

describe('createVectorStore', () => {
  it.each([64, 128, undefined])('keeps vectors in order, in pieces of %s', (pieceRows) => {
    const store = filled(pieceRows);
    expect(store.size).toBe(300);
    for (const [index, vector] of vectors.entries()) {
      expect([...store.at(index)]).toEqual([...vector]);
      expect(store.dot(index, vectors[0]!)).toBe(dot(vector, 0, vectors[0]!));
      expect(store.cosine(index, vectors[0]!)).toBe(cosine64(vector, vectors[0]!));
    }
  });

  it('begins a piece when one is full, and never moves a full one', () => {
    const store = createVectorStore(6, 128);
    const where: Float32Array[] = [];
    for (const vector of vectors) {
      store.add(vector);
      const [first] = store.pieces;
      if (first!.count === 128) where.push(first!.values);
    }
    expect(new Set(where).size).toBe(1);
    expect(store.pieces.map(({ start, count }) => [start, count])).toEqual([
      [0, 128],
      [128, 128],
      [256, 44],
    ]);
    expect(store.pieces.map(({ values }) => values.length)).toEqual([128 * 6, 128 * 6, 128 * 6]);
  });

  it('takes little memory for a few vectors', () => {
    const store = createVectorStore(6);
    expect(store.pieces).toEqual([]);
    for (const vector of vectors.slice(0, 64)) store.add(vector);
    expect(store.pieces[0]!.values).toHaveLength(64 * 6);
    store.add(vectors[64]!);
    expect(store.pieces[0]!.values).toHaveLength(128 * 6);
  });

  it('stores copies', () => {
    const store = createVectorStore(2);
    const vector = Float32Array.of(1, 0);
    store.add(vector);
    vector.set([0, 1]);
    expect([...store.at(0)]).toEqual([1, 0]);
  });
});
