import fc from 'fast-check';
import { expect, it } from 'vitest';
import { averageLevel, improvementRate, normalizedImprovementRate } from '../../src/metrics/index.ts';
import { rowStatistics } from '../../src/metrics/row-statistics.ts';

it('says in its loop what the metrics say of a row', () => {
  const level = fc.option(fc.integer({ min: 100, max: 500 }).map((value) => value / 100));
  fc.assert(
    fc.property(fc.array(level, { minLength: 1, maxLength: 12 }), (levels) => {
      const found = rowStatistics(Float64Array.from(levels, (value) => value ?? Number.NaN));
      const expected = [
        averageLevel(levels),
        improvementRate(levels)?.slope,
        normalizedImprovementRate(levels)?.slope,
      ];
      for (const [index, value] of [found.average, found.slope, found.normalizedSlope].entries()) {
        if (Number.isNaN(value)) expect(expected[index] ?? null).toBeNull();
        else expect(value).toBeCloseTo(expected[index]!, 10);
      }
    }),
  );
});

it('has the slope 0 and no N-IR for a flat row, however its sum is rounded, and no slope for one level', () => {
  const flat = { slope: 0, normalizedSlope: Number.NaN };
  expect(rowStatistics(new Float64Array(7).fill(4.1))).toMatchObject(flat);
  // Neither the mean of these levels nor that of these turns is exact.
  expect(rowStatistics(Float64Array.of(3.3, 3.3, Number.NaN, 3.3))).toMatchObject(flat);
  expect(rowStatistics(Float64Array.of(Number.NaN, 4, 4))).toEqual({ average: 4, ...flat });
  expect(rowStatistics(Float64Array.of(Number.NaN, 4))).toMatchObject({ average: 4, slope: Number.NaN });
});
