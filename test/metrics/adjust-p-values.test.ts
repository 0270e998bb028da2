import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { adjustPValues } from '../../src/metrics/index.ts';

describe('adjustPValues', () => {
  it.each([
    [
      [0.01, 0.04, 0.03],
      [0.03, 0.06, 0.06],
    ],
    [
      [0.001, 0.2, 0.015, 0.04, 0.6],
      [0.005, 0.4, 0.06, 0.12, 0.6],
    ],
    [
      [0.9, 0.8],
      [1, 1],
    ],
  ])('is Holm: %o', (pValues, adjusted) => {
    for (const [index, value] of adjustPValues(pValues).entries()) {
      expect(value).toBeCloseTo(adjusted[index]!, 12);
    }
  });

  it('leaves one test as it is, and does not count tests without a p-value', () => {
    expect(adjustPValues([0.03])).toEqual([0.03]);
    expect(adjustPValues([null, 0.03, null])).toEqual([null, 0.03, null]);
    expect(adjustPValues([])).toEqual([]);
  });

  it('counts tests that were passed over', () => {
    // Of four candidates, three were compared with the best: three of six pairs.
    const adjusted = adjustPValues([0.01, 0.004, 0.5], { tests: 6 });
    for (const [index, value] of [0.05, 0.024, 1].entries()) expect(adjusted[index]).toBeCloseTo(value, 12);
  });

  it('keeps the order, and never makes a p-value smaller', () => {
    const pValue = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(pValue, { minLength: 1 }), fc.nat(20), (pValues, more) => {
        const adjusted = adjustPValues(pValues, { tests: pValues.length + more });
        for (const [index, value] of adjusted.entries()) {
          expect(value).toBeGreaterThanOrEqual(pValues[index]!);
          expect(value).toBeLessThanOrEqual(1);
          for (const [other, otherValue] of adjusted.entries()) {
            if (pValues[index]! <= pValues[other]!) expect(value).toBeLessThanOrEqual(otherValue!);
          }
        }
      }),
    );
  });

  it.each([
    ['a chance in percent', [5], {}, '"pValues[0]"'],
    ['fewer tests than p-values', [0.1, 0.2], { tests: 1 }, '"tests"'],
    ['an option it does not have', [0.1], { method: 'bonferroni' }, '"method"'],
    ['what is no list', 0.1, {}, '"pValues"'],
  ])('refuses %s by name', (_name, pValues, options, option) => {
    const call = () => adjustPValues(pValues as number[], options as object);
    expect(call).toThrow(InvalidOptionError);
    expect(call).toThrow(option);
  });
});
