import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { cohensKappa, type KappaWeights } from '../../src/metrics/index.ts';

const WEIGHTS: readonly KappaWeights[] = ['none', 'linear', 'quadratic'];
const SCALE = [1, 2, 3, 4, 5];
const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), {
  minLength: 1,
  maxLength: 40,
});

/** The definition on the table of counts, written out. */
function byDefinition(
  rated: readonly (readonly [number, number])[],
  weight: (distance: number) => number,
): number {
  let observed = 0;
  let expected = 0;
  for (const i of SCALE) {
    for (const j of SCALE) {
      const share = (test: (pair: readonly [number, number]) => boolean) =>
        rated.filter(test).length / rated.length;
      observed += weight(i - j) * share(([x, y]) => x === i && y === j);
      expected += weight(i - j) * share(([x]) => x === i) * share(([, y]) => y === j);
    }
  }
  return 1 - observed / expected;
}

// Expected values: sklearn.metrics.cohen_kappa_score of scikit-learn 1.9.1, as cohen_kappa_score(a, b, weights=w, labels=l).
describe('scikit-learn', () => {
  const a = [1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 3, 3, 4, 5, 2];
  const b = [1, 2, 3, 5, 5, 4, 4, 2, 2, 1, 3, 4, 4, 5, 1];
  const c = [1, 2, 2, 5, 5, 5, 1, 2];
  const d = [1, 2, 5, 5, 5, 2, 2, 2];
  const e = ['yes', 'no', 'yes', 'yes', 'no', 'maybe'];
  const f = ['yes', 'no', 'no', 'yes', 'maybe', 'maybe'];

  it.each([
    ['none', 0.5856353591160222],
    ['linear', 0.7863247863247863],
    ['quadratic', 0.9118683901292597],
  ] as const)('gives the same for whole scales, weights %s', (weights, expected) => {
    expect(cohensKappa(a, b, { weights })).toBeCloseTo(expected, 12);
  });

  it.each([
    ['none', 0.41463414634146345, 0.41463414634146345],
    ['linear', 0.52, 0.49090909090909096],
    ['quadratic', 0.6470588235294117, 0.5581395348837209],
  ] as const)(
    'counts ranks among the labels where categories are unused, weights %s',
    (weights, occurring, all) => {
      expect(cohensKappa(c, d, { weights })).toBeCloseTo(occurring, 12);
      expect(cohensKappa(c, d, { weights, labels: SCALE })).toBeCloseTo(all, 12);
    },
  );

  it('gives the same for names, in the order of the labels', () => {
    expect(cohensKappa(e, f)).toBeCloseTo(0.5, 12);
    expect(cohensKappa(e, f, { weights: 'linear', labels: ['no', 'maybe', 'yes'] })).toBeCloseTo(
      0.47058823529411764,
      12,
    );
  });
});

describe('cohensKappa', () => {
  it('follows the definition', () => {
    fc.assert(
      fc.property(pairs, (rated) => {
        const [a, b] = [rated.map(([x]) => x), rated.map(([, y]) => y)];
        const linear = cohensKappa(a, b, { weights: 'linear', labels: SCALE });
        const quadratic = cohensKappa(a, b, { weights: 'quadratic', labels: SCALE });
        const none = cohensKappa(a, b, { labels: SCALE });
        if (none === null) {
          expect(new Set([...a, ...b]).size).toBe(1);
          return;
        }
        expect(none).toBeCloseTo(
          byDefinition(rated, (distance) => (distance === 0 ? 0 : 1)),
          10,
        );
        expect(linear).toBeCloseTo(byDefinition(rated, Math.abs), 10);
        expect(quadratic).toBeCloseTo(
          byDefinition(rated, (distance) => distance ** 2),
          10,
        );
      }),
    );
  });

  it('does not care which rater comes first, and lies between -1 and 1', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...WEIGHTS), (rated, weights) => {
        const [a, b] = [rated.map(([x]) => x), rated.map(([, y]) => y)];
        const kappa = cohensKappa(a, b, { weights });
        expect(cohensKappa(b, a, { weights })).toBe(kappa);
        if (kappa === null) return;
        expect(kappa).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(kappa).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 for raters who agree on more than one category', () => {
    for (const weights of WEIGHTS) expect(cohensKappa([1, 5, 5], [1, 5, 5], { weights })).toBe(1);
  });

  it('is -1 for two raters who always swap two categories', () => {
    expect(cohensKappa([1, 1, 2, 2], [2, 2, 1, 1])).toBe(-1);
  });

  it('is null where both raters know one category only', () => {
    for (const weights of WEIGHTS) {
      expect(cohensKappa([3, 3], [3, 3], { weights })).toBeNull();
      expect(cohensKappa([3, 3], [3, 3], { weights, labels: SCALE })).toBeNull();
    }
  });

  it('is 0 where each rater knows one category only and they differ', () => {
    expect(cohensKappa([3, 3], [4, 4])).toBe(0);
  });

  it.each([
    ['no ratings', [[], []], {}, '"a": expected at least one rating'],
    ['lists of different lengths', [[1, 2], [1]], {}, '"b": expected as many ratings as a (2)'],
    [
      'NaN',
      [
        [1, 2],
        [1, Number.NaN],
      ],
      {},
      '"b[1]"',
    ],
    ['infinity', [[Number.POSITIVE_INFINITY], [1]], {}, '"a[0]": expected a finite number'],
    [
      'null',
      [
        [1, null],
        [1, 2],
      ],
      {},
      '"a[1]"',
    ],
    ['mixed kinds', [['1'], [1]], {}, '"b[0]": expected a string, like a[0]'],
    [
      'unknown weights',
      [[1], [1]],
      { weights: 'cubic' },
      '"weights": expected "none", "linear" or "quadratic"',
    ],
    [
      'a rating outside the labels',
      [
        [1, 6],
        [1, 2],
      ],
      { labels: SCALE },
      '"a[1]": expected one of the labels',
    ],
    ['a rating of the second rater outside the labels', [[1], [6]], { labels: SCALE }, '"b[0]"'],
    ['repeated labels', [[1], [1]], { labels: [1, 1] }, '"labels": expected each category once'],
    ['labels of another kind', [[1], [1]], { labels: ['1'] }, '"labels[0]"'],
    [
      'weights over names without an order',
      [['a'], ['b']],
      { weights: 'linear' },
      '"labels": expected the categories in order',
    ],
  ])('refuses %s by name', (_name, [a, b], options, option) => {
    const call = () => cohensKappa(a as number[], b as number[], options as object);
    expect(call).toThrow(InvalidOptionError);
    expect(call).toThrow(option);
  });
});
