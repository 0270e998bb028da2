import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLengthCounter } from '../../src/preferences/length-statistics.ts';

const measure = (texts: readonly string[]) => {
  const counter = createLengthCounter();
  for (const text of texts) counter.add(text);
  return counter.result();
};

describe('createLengthCounter', () => {
  test('knows nothing before the first text', () => {
    expect(measure([])).toBeNull();
  });

  test('counts code points and runs of non-space', () => {
    expect(measure(['Bed  6\n😴'])).toMatchObject({
      count: 1,
      characters: { min: 8, max: 8, mean: 8 },
      words: { min: 3, max: 3, mean: 3 },
    });
  });

  test('agrees with sorting all lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 1, maxLength: 200, size: 'max' }), (lengths) => {
        const sorted = [...lengths].sort((a, b) => a - b);
        const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
        const mean = sorted.reduce((sum, length) => sum + length, 0) / sorted.length;
        const { characters } = measure(lengths.map((length) => 'a'.repeat(length)))!;
        expect(characters).toEqual({
          mean: expect.closeTo(mean, 1),
          min: sorted[0],
          max: sorted.at(-1),
          p50: rank(0.5),
          p95: rank(0.95),
        });
      }),
    );
  });
});
