import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLengthBiasCounter, describeLengthBias } from '../../src/preferences/length-bias.ts';

const pair = (preferred: number, rejected: number) => ({
  preferred: 'c'.repeat(preferred),
  rejected: 'r'.repeat(rejected),
});

function biasOf(lengths: readonly (readonly [preferred: number, rejected: number])[]) {
  const counter = createLengthBiasCounter();
  for (const [preferred, rejected] of lengths) counter.add(pair(preferred, rejected));
  return counter.result();
}

/** Pearson's correlation by its definition. */
function pearson(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mx = mean(points.map(([x]) => x));
  const my = mean(points.map(([, y]) => y));
  const product = (f: (x: number, y: number) => number) => mean(points.map(([x, y]) => f(x - mx, y - my)));
  return product((x, y) => x * y) / Math.sqrt(product((x) => x * x) * product((_, y) => y * y));
}

describe('length bias', () => {
  test('counts which side is longer and by how much', () => {
    expect(
      biasOf([
        [10, 4],
        [3, 4],
        [5, 5],
      ]),
    ).toEqual({
      preferredLonger: 1,
      rejectedLonger: 1,
      equal: 1,
      meanDifference: 1.67,
      correlation: 0.475,
    });
  });

  test('is the correlation of difference and preference over both orders of every pair', () => {
    const lengths = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lengths, (pairs) => {
        const bias = biasOf(pairs)!;
        const differences = pairs.map(([preferred, rejected]) => preferred - rejected);
        fc.pre(differences.some((difference) => difference !== 0));
        const both = differences.flatMap((difference) => [
          [difference, 1] as const,
          [-difference, -1] as const,
        ]);
        expect(bias.correlation).toBeCloseTo(pearson(both), 2);
      }),
    );
  });

  test('is 1 and -1 where one side is longer by the same each time, and nothing without differences', () => {
    expect(
      biasOf([
        [9, 4],
        [6, 1],
      ])?.correlation,
    ).toBe(1);
    expect(
      biasOf([
        [4, 9],
        [1, 6],
      ])?.correlation,
    ).toBe(-1);
    expect(biasOf([[4, 4]])?.correlation).toBeNull();
    expect(biasOf([])).toBeNull();
  });

  test('measures code points, so that an emoji is no longer than a letter', () => {
    const counter = createLengthBiasCounter();
    counter.add({ preferred: '😴😴', rejected: 'ab' });
    expect(counter.result()).toMatchObject({ equal: 1, meanDifference: 0 });
  });

  test('is worth a warning when it is large and not by chance', () => {
    const many = Array.from({ length: 20 }, () => [9, 4] as const);
    expect(describeLengthBias(biasOf(many)!)).toMatch(
      /preferred response is the longer one in 20 of 20 pairs/,
    );
    expect(describeLengthBias(biasOf(many.map(([a, b]) => [b, a]))!)).toMatch(/^the rejected response is/);
    expect(
      describeLengthBias(
        biasOf([
          [9, 4],
          [9, 4],
        ])!,
      ),
    ).toBeNull();
    expect(describeLengthBias(biasOf([...many, ...many.map(([a, b]) => [b, a] as const)])!)).toBeNull();
  });
});
