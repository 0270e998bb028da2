import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alignmentLevels, improvementRate, nullBand } from '../../src/metrics/index.ts';
import { risingScores, scoreTables } from './score-tables.ts';

const rising = risingScores(60, 8, 2);

it('leaves out a model that improves, forwards or backwards', () => {
  const backwards = rising.map((row) => row.toReversed());
  for (const scores of [rising, backwards]) {
    const { low, high } = nullBand(scores).improvementRate!;
    const { slope } = improvementRate(alignmentLevels(scores))!;
    expect(slope < low || slope > high).toBe(true);
    expect((low + high) / 2).toBeCloseTo(0, 2);
  }
});

it('is as wide as the formula for shuffled scores says', () => {
  // Variance of the slope of shuffled rows: sum over cases of the row's variance / (n^2 sum of squared turns).
  const variance = rising.reduce((sum, row) => {
    const centre = row.reduce((total, score) => total + score, 0) / row.length;
    return sum + row.reduce((total, score) => total + (score - centre) ** 2, 0) / (row.length - 1);
  }, 0);
  const expected = 2 * 1.96 * Math.sqrt(variance / rising.length ** 2 / 42);
  const { low, high } = nullBand(rising).improvementRate!;
  expect((high - low) / expected).toBeCloseTo(1, 1);
});

it('is the range of all orders where a single case has few of them', () => {
  expect(nullBand([[1, 2, 3]])).toEqual({
    improvementRate: { low: -1, high: 1 },
    normalizedImprovementRate: { low: -0.5, high: 0.5 },
  });
});

it('moves along where cases of another height drop out', () => {
  // The lower half leaves after two turns: the levels rise though no case does.
  const dropping = Array.from({ length: 40 }, (_, index) => {
    const lower = index % 2 === 0;
    return Array.from({ length: 6 }, (_turn, turn) =>
      lower && turn > 1 ? null : (lower ? 1 : 4) + (((index >> 1) + turn) % 2),
    );
  });
  const { low, high } = nullBand(dropping).improvementRate!;
  const { slope } = improvementRate(alignmentLevels(dropping))!;
  expect(low).toBeGreaterThan(0.1);
  expect(slope).toBeGreaterThan(low);
  expect(slope).toBeLessThan(high);
});

it('does not know a band where there is no line, nor one of N-IR where all is flat', () => {
  expect(nullBand([[4], [3]])).toEqual({ improvementRate: null, normalizedImprovementRate: null });
  expect(
    nullBand([
      [4, null],
      [null, null],
    ]),
  ).toEqual({ improvementRate: null, normalizedImprovementRate: null });
  expect(nullBand([[4, 4, 4]])).toEqual({
    improvementRate: { low: 0, high: 0 },
    normalizedImprovementRate: null,
  });
});

it('gives the same for the same seed', () => {
  fc.assert(
    fc.property(scoreTables(2), fc.integer(), (scores, seed) => {
      const options = { seed, resamples: 100 };
      const band = nullBand(scores, options);
      expect(nullBand(scores, options)).toEqual(band);
      if (band.improvementRate !== null) {
        expect(band.improvementRate.low).toBeLessThanOrEqual(band.improvementRate.high);
      }
    }),
  );
});

it('refuses what is no table of scores', () => {
  expect(() => nullBand([[1, Number.NaN]])).toThrow('"scores[0][1]"');
  expect(() => nullBand([[1, 2]], { resamples: 99 })).toThrow('"resamples"');
});
