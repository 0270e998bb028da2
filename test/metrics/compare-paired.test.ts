import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { alignmentLevels, averageLevel, comparePaired, improvementRate } from '../../src/metrics/index.ts';
import { risingScores, scoreTables } from './score-tables.ts';

const first = risingScores(30, 5, 3);
const second = risingScores(30, 5, 4);

/** The share of all 2^n signs that bring the mean at least as far from 0. */
function exactPValue(differences: readonly number[]): number {
  const size = (values: readonly number[]) => Math.abs(values.reduce((sum, value) => sum + value, 0));
  let asFar = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    const flipped = differences.map((value, index) => (signs & (1 << index) ? -value : value));
    asFar += Number(size(flipped) >= size(differences) - 1e-9);
  }
  return asFar / 2 ** differences.length;
}

describe('comparePaired', () => {
  it('gives the differences of the metrics where nothing is missing', () => {
    const { average, levels, improvementRate: rate } = comparePaired(first, second);
    const [before, after] = [alignmentLevels(first), alignmentLevels(second)];
    expect(average.difference).toBeCloseTo(averageLevel(after)! - averageLevel(before)!, 12);
    expect(levels[2]!.difference).toBeCloseTo(after[2]! - before[2]!, 12);
    expect(rate.difference).toBeCloseTo(improvementRate(after)!.slope - improvementRate(before)!.slope, 12);
    expect([average, ...levels, rate].map(({ cases }) => cases)).toEqual(Array.from({ length: 7 }, () => 30));
  });

  it('has the p-value of all ways to turn the signs', () => {
    const differences = [1, 2, -1, 3, 2, 0, 1, 2, -2, 1];
    const zero = differences.map(() => [3]);
    const { pValue } = comparePaired(
      zero,
      differences.map((value) => [3 + value]),
    ).average;
    expect(pValue).toBeCloseTo(exactPValue(differences), 2);
  });

  it('never has a p-value of 0, and that of 1 where nothing differs', () => {
    const higher = first.map((row) => row.map((score) => score + 1));
    const resamples = 999;
    expect(comparePaired(first, higher, { resamples }).average.pValue).toBe(1 / 1_000);
    expect(comparePaired(first, first, { resamples }).average).toMatchObject({
      difference: 0,
      interval: { low: 0, high: 0 },
      pValue: 1,
    });
  });

  it('is more certain than the two intervals would be: cases are their own control', () => {
    const slightly = first.map((row, index) => row.map((score) => score + (index % 3 === 0 ? 0 : 0.2)));
    const { interval, pValue } = comparePaired(first, slightly).average;
    expect(interval!.low).toBeGreaterThan(0);
    expect(pValue).toBeLessThan(0.001);
  });

  it('turns its signs when the sides are exchanged', () => {
    const negative = (value: number | null) => (value === null ? null : 0 - value);
    fc.assert(
      fc.property(scoreTables(2), fc.integer(), (scores, seed) => {
        const others = scores.map((row) =>
          row.map((score, turn) => (score === null ? null : score * (turn + 1))),
        );
        const options = { seed, resamples: 100 };
        const there = comparePaired(scores, others, options);
        const back = comparePaired(others, scores, options);
        for (const [index, { difference, interval, pValue }] of there.levels.entries()) {
          const other = back.levels[index]!;
          expect(negative(other.difference)).toBe(negative(negative(difference)));
          expect(other.pValue).toBe(pValue);
          if (interval !== null) expect(other.interval!.low).toBeCloseTo(-interval.high, 9);
        }
      }),
    );
  });

  it('counts only turns that both sides have a score for', () => {
    const {
      average,
      levels,
      improvementRate: rate,
      caseDifferences,
      deviation,
    } = comparePaired(
      [
        [1, null],
        [null, 5],
        [4, 4],
      ],
      [
        [2, 5],
        [1, null],
        [4, 3],
      ],
    );
    expect(caseDifferences).toEqual([1, null, -0.5]);
    expect(average).toMatchObject({ difference: -0.25, interval: null, cases: 2 });
    expect(levels.map(({ difference, cases }) => [difference, cases])).toEqual([
      [0.5, 2],
      [-1, 1],
    ]);
    expect(rate.difference).toBe(-1.5);
    expect(deviation).toBeCloseTo(Math.sqrt(1.125), 12);
  });

  it('gives the deviation of the case differences, and none of a single case', () => {
    const zero = [[3], [3], [3], [3]];
    expect(comparePaired(zero, [[4], [5], [6], [9]], { resamples: 100 }).deviation).toBeCloseTo(
      Math.sqrt(14 / 3),
      12,
    );
    expect(comparePaired([[3]], [[4]], { resamples: 100 }).deviation).toBeNull();
  });

  it('names the candidate whose scores are broken', () => {
    expect(() => comparePaired([[Number.NaN]], [[1]])).toThrow('"first[0][0]"');
  });

  it('is null where no turn was scored on both sides', () => {
    const nothing = comparePaired([[1, null]], [[null, 2]]);
    const estimate = { difference: null, interval: null, pValue: null, cases: 0 };
    expect(nothing).toEqual({
      average: estimate,
      levels: [estimate, estimate],
      improvementRate: estimate,
      caseDifferences: [null],
      deviation: null,
    });
  });

  it('draws cases of one profile together', () => {
    const profiles = first.map((_row, index) => String(index % 6));
    const shifted = first.map((row, index) => row.map((score) => score + (index % 6) / 3));
    const wide = comparePaired(first, shifted, { profiles }).average.interval!;
    const narrow = comparePaired(first, shifted).average.interval!;
    expect(wide.high - wide.low).toBeGreaterThan(1.5 * (narrow.high - narrow.low));
  });

  it.each([
    ['another number of cases', [[1, 2]], '"second": expected 2 cases of 2 turns, like first'],
    ['another number of turns', [[1], [2]], '"second"'],
    [
      'what is no score',
      [
        [1, 2],
        [Number.NaN, 2],
      ],
      '"second[1][0]"',
    ],
  ])('refuses %s by name', (_name, other, option) => {
    const call = () =>
      comparePaired(
        [
          [1, 2],
          [3, 4],
        ],
        other,
      );
    expect(call).toThrow(InvalidOptionError);
    expect(call).toThrow(option);
  });
});
