import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { casesNeeded, detectableDifference } from '../../src/metrics/index.ts';

// Expected: the least n at which the power of the t-test of n differences, by scipy.stats.nct 1.17.1, is reached.
it.each([
  [{ difference: 0.1, deviation: 0.6 }, 285],
  [{ difference: 0.2, deviation: 0.6 }, 73],
  [{ difference: 0.2, deviation: 0.6, power: 0.9 }, 97],
  [{ difference: 0.2, deviation: 0.6, alpha: 0.01 }, 109],
  [{ difference: 0.3, deviation: 0.5 }, 24],
  [{ difference: 1, deviation: 0.8 }, 8],
])('agrees with the t-test about %o', (options, cases) => {
  expect(casesNeeded(options)).toBe(cases);
});

// Expected: the difference at which scipy.stats.nct 1.17.1 has the power of the two-sided t-test.
it.each([
  [{ cases: 2, deviation: 1 }, 11.549888],
  [{ cases: 3, deviation: 1 }, 3.264044],
  [{ cases: 5, deviation: 0.6, power: 0.9 }, 1.179533],
  [{ cases: 6, deviation: 1, power: 0.5, alpha: 0.2 }, 0.565617],
  [{ cases: 10, deviation: 0.6, alpha: 0.01 }, 0.799219],
  [{ cases: 20, deviation: 0.6 }, 0.396265],
  [{ cases: 1_000, deviation: 1, power: 0.95 }, 0.114104],
])('detects with %o what the t-test does', (options, difference) => {
  expect(detectableDifference(options)).toBeCloseTo(difference, 5);
});

it.each([5, 20, 73])('needs %i cases for exactly the difference that they detect', (cases) => {
  const difference = detectableDifference({ cases, deviation: 0.6 });
  expect(casesNeeded({ difference, deviation: 0.6 })).toBe(cases);
});

it('needs four times the cases for half the difference', () => {
  const cases = casesNeeded({ difference: 0.1, deviation: 0.6 });
  expect(cases / casesNeeded({ difference: 0.2, deviation: 0.6 })).toBeCloseTo(4, 0);
});

it('is the least number of cases that shows the difference', () => {
  const share = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(
      share(0.05, 3),
      share(0.1, 2),
      share(0.5, 0.99),
      share(0.001, 0.2),
      (difference, deviation, power, alpha) => {
        const cases = casesNeeded({ difference, deviation, power, alpha });
        const shown = (count: number) => detectableDifference({ cases: count, deviation, power, alpha });
        expect(shown(cases)).toBeLessThanOrEqual(difference);
        if (cases > 2) expect(shown(cases - 1)).toBeGreaterThan(difference);
        expect(casesNeeded({ difference: -difference, deviation, power, alpha })).toBe(cases);
      },
    ),
  );
});

it.each([
  ['no difference', { difference: 0, deviation: 1 }, '"difference"'],
  ['a difference that is none', { difference: Number.NaN, deviation: 1 }, '"difference"'],
  ['a difference that no study could show', { difference: 1e-7, deviation: 1 }, '"difference"'],
  ['no deviation', { difference: 1, deviation: 0 }, '"deviation"'],
  ['a power in percent', { difference: 1, deviation: 1, power: 80 }, '"power"'],
  ['an alpha of 0', { difference: 1, deviation: 1, alpha: 0 }, '"alpha"'],
])('refuses %s by name', (_name, options, option) => {
  expect(() => casesNeeded(options)).toThrow(InvalidOptionError);
  expect(() => casesNeeded(options)).toThrow(option);
});

it('refuses fewer than two cases, and half a case', () => {
  expect(() => detectableDifference({ cases: 1, deviation: 1 })).toThrow('"cases"');
  expect(() => detectableDifference({ cases: 2.5, deviation: 1 })).toThrow('"cases"');
});

it('treats a deviation near the largest number as a scale like any other', () => {
  const relative = detectableDifference({ cases: 1_000_000_000, deviation: 1e308 }) / 1e308;
  expect(relative).toBeCloseTo(detectableDifference({ cases: 1_000_000_000, deviation: 1 }), 12);
});
