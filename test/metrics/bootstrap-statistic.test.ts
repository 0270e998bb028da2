import { expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { bootstrapIntervals, bootstrapStatistic, cohensKappa } from '../../src/metrics/index.ts';
import { mean } from '../../src/metrics/mean.ts';
import { risingScores } from './score-tables.ts';

const rows = risingScores(30, 3, 5);

it('is the interval of bootstrapIntervals where the statistic is a mean', () => {
  const average = bootstrapStatistic(rows, (drawn) => mean(drawn.map((row) => row[0]!)), { seed: 3 });
  const level = bootstrapIntervals(rows, { seed: 3 }).levels[0]!;
  expect(average!.low).toBeCloseTo(level.low, 12);
  expect(average!.high).toBeCloseTo(level.high, 12);
});

it('gives kappa an interval that holds it and stays below 1', () => {
  const ratings = rows.map(([judge, human], index) => ({
    judge: judge!,
    human: index % 3 === 0 ? human! : judge!,
  }));
  const kappa = (drawn: readonly { judge: number; human: number }[]) =>
    cohensKappa(
      drawn.map(({ judge }) => judge),
      drawn.map(({ human }) => human),
      { weights: 'quadratic', labels: [1, 2, 3, 4, 5] },
    );
  const { low, high } = bootstrapStatistic(ratings, kappa, { resamples: 2_000 })!;
  expect(low).toBeLessThan(kappa(ratings)!);
  expect(high).toBeGreaterThan(kappa(ratings)!);
  expect(high).toBeLessThanOrEqual(1);
});

it('draws as many rows, or clusters, as there are', () => {
  const count = (drawn: readonly number[]) => drawn.length;
  expect(bootstrapStatistic([1, 2, 3, 4, 5, 6], count, { resamples: 100 })).toEqual({ low: 6, high: 6 });
  const pairs = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e'];
  expect(bootstrapStatistic(pairs.map(Number), count, { clusters: pairs, resamples: 100 })).toEqual({
    low: 10,
    high: 10,
  });
});

it('draws rows of one label together', () => {
  const twice = rows.flatMap((row) => [row, row]);
  const clusters = rows.flatMap((_row, index) => [String(index), String(index)]);
  const first = (drawn: readonly (readonly number[])[]) => mean(drawn.map((row) => row[0]!));
  const [clustered, single] = [
    bootstrapStatistic(twice, first, { clusters }),
    bootstrapStatistic(rows, first),
  ];
  expect(clustered!.low).toBeCloseTo(single!.low, 12);
});

it('leaves out resamples without a value, and is null where none has one', () => {
  const sevens = (drawn: readonly number[]) => (drawn.includes(7) ? mean(drawn) : null);
  expect(bootstrapStatistic([7, 1, 1, 1, 1, 1], sevens, { resamples: 500 })!.low).toBeGreaterThan(1);
  expect(bootstrapStatistic([1, 1, 1, 1, 1, 1], sevens, { resamples: 100 })).toBeNull();
  expect(bootstrapStatistic([1, 2, 3, 4], mean, { resamples: 100 })).toBeNull();
});

it('refuses no rows and labels that are not one a row', () => {
  expect(() => bootstrapStatistic([], () => 1)).toThrow(InvalidOptionError);
  expect(() => bootstrapStatistic([], () => 1)).toThrow('"rows": expected at least one row');
  expect(() => bootstrapStatistic([1, 2], mean, { clusters: ['a'] })).toThrow('"clusters"');
});
