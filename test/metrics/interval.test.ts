import { expect, it } from 'vitest';
import { centralInterval, expandedTail } from '../../src/metrics/interval.ts';
import { normalProbability, normalQuantile } from '../../src/metrics/normal.ts';

// Expected: scipy.stats 1.17.1.
it.each([
  [-3, 0.0013498980316301035],
  [-1.96, 0.024997895148220435],
  [0, 0.5],
  [1.2815515655446004, 0.9],
])('knows the normal probability below %d', (z, probability) => {
  expect(normalProbability(z)).toBeCloseTo(probability, 6);
  expect(normalQuantile(probability)).toBeCloseTo(z, 4);
});

it('widens percentile intervals of few clusters, and leaves those of many as they are', () => {
  expect(expandedTail(0.95, 1_000_000)).toBeCloseTo(0.025, 4);
  // norm.cdf(t.ppf(0.025, n - 1) * sqrt(n / (n - 1)))
  expect(expandedTail(0.95, 100)).toBeCloseTo(0.023064, 4);
  expect(expandedTail(0.95, 10)).toBeCloseTo(0.008551, 4);
});

it('takes quantiles as NumPy does, and leaves out what has no value', () => {
  const draws = Float64Array.from([4, Number.NaN, 1, 3, 2, Number.NaN]);
  expect(centralInterval(draws, 0.25)).toEqual({ low: 1.75, high: 3.25 });
  expect(centralInterval(draws, 0)).toEqual({ low: 1, high: 4 });
  expect(centralInterval(Float64Array.of(Number.NaN), 0.25)).toBeNull();
});
