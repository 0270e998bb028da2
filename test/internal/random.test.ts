import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childSeed, sample, seededRandom } from '../../src/internal/random.ts';

describe('childSeed', () => {
  test('depends only on the seed and every part of the place', () => {
    expect(childSeed(7, 'persona', 1)).toBe(childSeed(7, 'persona', 1));
    const others = [
      childSeed(8, 'persona', 1),
      childSeed(7, 'persona', 2),
      childSeed(7, 'person', 'a1'),
      childSeed(7, 'persona'),
      childSeed(7, 'persona', '1'),
    ];
    expect(others).not.toContain(childSeed(7, 'persona', 1));
  });

  test('is a whole number that every provider accepts, from 0 to 2^31 - 1', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), (seed, place) => {
        const child = childSeed(seed, place);
        expect(Number.isInteger(child) && child >= 0 && child < 2 ** 31).toBe(true);
      }),
    );
  });

  test('never changes, since journals and data depend on it', () => {
    expect([
      childSeed(0),
      childSeed(0, 'a'),
      childSeed(7, 'conversations/x/1/inducer/0'),
    ]).toMatchInlineSnapshot(`
      [
        1751011464,
        975321177,
        198424415,
      ]
    `);
  });
});

describe('seededRandom', () => {
  test('gives the same numbers for the same seed, from 0 up to but not including 1', () => {
    const [a, b, other] = [seededRandom(5), seededRandom(5), seededRandom(6)];
    const numbers = Array.from({ length: 1_000 }, a);
    expect(Array.from({ length: 1_000 }, b)).toEqual(numbers);
    expect(Array.from({ length: 1_000 }, other)).not.toEqual(numbers);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(numbers.slice(0, 3)).toMatchInlineSnapshot(`
      [
        0.6897749109193683,
        0.7727432732935995,
        0.21976301027461886,
      ]
    `);
  });

  test('spreads evenly', () => {
    const random = seededRandom(1);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) tenths[Math.floor(random() * 10)]! += 1;
    // 10,000 expected in each, standard deviation 95.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('sample', () => {
  test('returns distinct items, as many as requested or available', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.nat(20), fc.nat(), (items, count, seed) => {
        const taken = sample(items, count, seededRandom(seed));
        expect(taken).toHaveLength(Math.min(count, items.length));
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.every((item) => items.includes(item))).toBe(true);
        expect(sample(items, count, seededRandom(seed))).toEqual(taken);
      }),
    );
  });

  test('draws every item equally often, and does not change the list', () => {
    const random = seededRandom(3);
    const items = ['a', 'b', 'c', 'd', 'e'];
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      for (const item of sample(items, 2, random)) counts.set(item, (counts.get(item) ?? 0) + 1);
    }
    // 4,000 expected of each, standard deviation 49.
    for (const item of items) expect(Math.abs(counts.get(item)! - 4_000)).toBeLessThan(300);
    expect(items).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
