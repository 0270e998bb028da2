import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { seededRandom } from '../../src/internal/seeded-random.ts';
import {
  adjustPValues,
  alignmentLevels,
  averageLevel,
  comparePaired,
  improvementRate,
} from '../../src/metrics/index.ts';
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
    expect(pValue).toBeCloseTo(exactPValue(differences), 12);
    const some = comparePaired(
      zero,
      differences.map((value) => [3 + value]),
      { resamples: 1_000 },
    ).average;
    expect(some.pValue).toBeCloseTo(exactPValue(differences), 1);
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
    const estimate = { difference: null, interval: null, pValue: null, adjustedPValue: null, cases: 0 };
    expect(nothing).toEqual({
      average: estimate,
      levels: [estimate, estimate],
      improvementRate: estimate,
      caseDifferences: [null],
      deviation: null,
    });
  });

  it('flips the signs of cases with one profile together', () => {
    // Six profiles: no fewer than 2 of 64 signs are as far as all of one side.
    const profiles = first.map((_row, index) => String(index % 6));
    const higher = first.map((row, index) => row.map((score) => score + 1 + (index % 6)));
    expect(comparePaired(first, higher, { profiles }).average.pValue).toBe(2 / 64);
    expect(comparePaired(first, higher, { personalities: profiles }).average.pValue).toBe(2 / 64);
    expect(comparePaired(first, higher).average.pValue).toBeLessThan(0.001);
    const sums = [0, 1, 2, 3, 4, 5].map((profile) =>
      first.reduce(
        (sum, row, index) => (index % 6 === profile ? sum + row[0]! - second[index]![0]! : sum),
        0,
      ),
    );
    expect(comparePaired(first, second, { profiles }).levels[0]!.pValue).toBeCloseTo(exactPValue(sums), 12);
  });

  it('has no p-value where five clusters, flipped in all ways, cannot get below 0.05', () => {
    const profiles = first.map((_row, index) => String(index % 5));
    const { average, levels } = comparePaired(first, second, { profiles });
    expect([average.pValue, levels[0]!.pValue]).toEqual([null, null]);
    expect(average.interval).not.toBeNull();
    expect(comparePaired(first.slice(0, 5), second.slice(0, 5)).average.pValue).toBeNull();
    expect(comparePaired(first.slice(0, 6), second.slice(0, 6)).average.pValue).not.toBeNull();
  });

  it('counts the clusters of each turn by itself', () => {
    const gaps = second.map((row, index) =>
      row.map((score, turn) => (turn === 1 && index > 4 ? null : score)),
    );
    const { levels } = comparePaired(first, gaps);
    expect([levels[0]!.pValue === null, levels[1]!.pValue]).toEqual([false, null]);
  });

  it('adjusts the p-values of turns for each other, and those of average and IR for nothing', () => {
    const { average, levels, improvementRate: rate } = comparePaired(first, second);
    const pValues = levels.map(({ pValue }) => pValue);
    expect(levels.map(({ adjustedPValue }) => adjustedPValue)).toEqual(adjustPValues(pValues));
    expect([average.adjustedPValue, rate.adjustedPValue]).toEqual([average.pValue, rate.pValue]);
  });

  describe('with profiles and personalities that cross', () => {
    const cells = Array.from({ length: 60 }, (_, index) => ({
      profile: Math.floor(index / 6),
      personality: index % 6,
    }));
    const labels = {
      profiles: cells.map(({ profile }) => String(profile)),
      personalities: cells.map(({ personality }) => String(personality)),
    };
    const zero = cells.map(() => [0, 0]);

    it('tests with the variance of both', () => {
      const random = seededRandom(3);
      const shifts = Array.from({ length: 16 }, () => random());
      const differences = cells.map(({ profile, personality }) => [
        shifts[profile]! + 2 * shifts[10 + personality]! + random() - 1.5,
        random(),
      ]);
      const { levels } = comparePaired(zero, differences, labels);
      // NumPy and SciPy 1.17.1, from these differences: V1 + V2 - V(rows), Satterthwaite's degrees of freedom.
      expect(levels[0]!.pValue).toBeCloseTo(0.12505718, 6);
    });

    it('agrees with the interval', () => {
      for (let seed = 1; seed <= 10; seed++) {
        const random = seededRandom(seed);
        const shifts = Array.from({ length: 16 }, () => random() - 0.35);
        const differences = cells.map(({ profile, personality }) => {
          const shift = shifts[profile]! + shifts[10 + personality]! + random() - 0.5;
          return [shift, shift];
        });
        const { interval, pValue } = comparePaired(zero, differences, {
          ...labels,
          resamples: 2_000,
        }).average;
        if (pValue! < 0.04) expect(interval!.low * interval!.high).toBeGreaterThan(0);
        if (pValue! > 0.06) expect(interval!.low * interval!.high).toBeLessThan(0);
      }
    });

    it('has a p-value above 0 where nothing varies, and of 1 where nothing differs', () => {
      const resamples = 999;
      const one = cells.map(() => [1, 1]);
      expect(comparePaired(zero, one, { ...labels, resamples }).average.pValue).toBe(1 / 1_000);
      expect(comparePaired(zero, zero, { ...labels, resamples }).average.pValue).toBe(1);
    });

    it('has none with four personalities', () => {
      const personalities = cells.map(({ personality }) => String(personality % 4));
      const { average } = comparePaired(
        zero,
        cells.map(({ profile }) => [profile, 1]),
        { ...labels, personalities },
      );
      expect([average.pValue, average.interval]).toEqual([null, null]);
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
