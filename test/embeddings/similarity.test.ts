import { describe, expect, it } from 'vitest';
import { cosine64 } from '../../src/embeddings/similarity.ts';

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
