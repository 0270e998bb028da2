import { expect, it } from 'vitest';
import { casesNeeded, deviationInterval } from '../../src/metrics/index.ts';

// Expected: sqrt((n - 1) / scipy.stats.chi2.ppf(q, n - 1)).
it.each([
  [10, 0.687835, 1.82561],
  [20, 0.76049, 1.460572],
])('has the ends of the chi-square distribution for %i cases', (cases, low, high) => {
  const found = deviationInterval({ deviation: 1, cases });
  expect(found.low / low).toBeCloseTo(1, 2);
  expect(found.high / high).toBeCloseTo(1, 2);
});

it('shows how little a pilot of 20 knows of the number of cases', () => {
  const { low, high } = deviationInterval({ deviation: 0.6, cases: 20 });
  const range = [low, 0.6, high].map((deviation) => casesNeeded({ difference: 0.2, deviation }));
  // By SciPy's t-test and chi-square.
  expect(range).toEqual([43, 73, 153]);
});

it('narrows with cases, widens with confidence and scales with the deviation', () => {
  const { low, high } = deviationInterval({ deviation: 0.6, cases: 20 });
  expect(deviationInterval({ deviation: 0.6, cases: 40 }).high).toBeLessThan(high);
  expect(deviationInterval({ deviation: 0.6, cases: 20, confidence: 0.99 }).low).toBeLessThan(low);
  expect(deviationInterval({ deviation: 1.2, cases: 20 }).high).toBeCloseTo(2 * high, 12);
});

it.each([
  [{ deviation: 0, cases: 20 }, '"deviation"'],
  [{ deviation: 1, cases: 9 }, '"cases"'],
  [{ deviation: 1, cases: 20, confidence: 95 }, '"confidence"'],
  [{ deviation: 1, cases: 20, level: 0.9 }, '"level"'],
])('refuses %o by name', (options, option) => {
  expect(() => deviationInterval(options)).toThrow(option);
});
