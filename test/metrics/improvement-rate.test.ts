import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { improvementRate, normalizedImprovementRate, normalizeLevels } from '../../src/metrics/index.ts';
import { rowStatistics } from '../../src/metrics/row-statistics.ts';

const level = fc.integer({ min: 100, max: 500 }).map((hundredths) => hundredths / 100);
const rows = fc.array(level, { minLength: 2, maxLength: 15 });
const rowsWithGaps = fc.array(fc.option(level), { minLength: 1, maxLength: 15 });
const known = (levels: readonly (number | null)[]) => levels.filter((value) => value !== null);

describe('improvementRate', () => {
  it('finds the line that the levels lie on', () => {
    const fit = improvementRate([3.5, 4, 4.5, 5]);
    expect(fit?.slope).toBeCloseTo(0.5, 12);
    expect(fit?.intercept).toBeCloseTo(3, 12);
    expect(fit?.r2).toBeCloseTo(1, 12);
  });

  it('agrees with a fit worked out by hand', () => {
    // k = 1, 2, 3; levels 1, 3, 2: slope 1/2, intercept 1, SSres 3/2, SStot 2.
    const fit = improvementRate([1, 3, 2]);
    expect(fit?.slope).toBeCloseTo(0.5, 12);
    expect(fit?.intercept).toBeCloseTo(1, 12);
    expect(fit?.r2).toBeCloseTo(0.25, 12);
  });

  it('keeps the place of the turns that have a level', () => {
    const fit = improvementRate([1, null, null, 4, null]);
    expect(fit?.slope).toBeCloseTo(1, 12);
    expect(fit?.intercept).toBeCloseTo(0, 12);
  });

  it('has no line through fewer than two levels', () => {
    expect(improvementRate([4])).toBeNull();
    expect(improvementRate([null, 4, null])).toBeNull();
    expect(improvementRate([null, null])).toBeNull();
  });

  it('gives a flat row slope 0 and no R2', () => {
    expect(improvementRate([4.1, 4.1, 4.1, 4.1, 4.1, 4.1, 4.1])).toEqual({
      slope: 0,
      intercept: 4.1,
      r2: null,
    });
  });

  it('gives a row without a trend R2 = 0', () => {
    const fit = improvementRate([1, 2, 1]);
    expect(fit?.slope).toBe(0);
    expect(fit?.r2).toBeCloseTo(0, 12);
  });

  it('takes a row for flat that differs only by the rounding of its means', () => {
    // Means of the same scores, added in another order.
    const levels = [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.2 + 0.3 + 0.1].map((sum) => sum / 3);
    expect(new Set(levels).size).toBe(2);
    expect(improvementRate(levels)).toMatchObject({ slope: 0, r2: null });
    expect(normalizedImprovementRate(levels)).toBeNull();
    expect(normalizeLevels(levels, { extrema: 'running' })).toBeNull();
    expect(rowStatistics(Float64Array.from(levels))).toMatchObject({ slope: 0, normalizedSlope: Number.NaN });
  });

  it('keeps its digits on a row that is nearly flat', () => {
    const fit = improvementRate([4, 4 + 1e-12, 4 + 2e-12]);
    expect(fit!.slope / 1e-12).toBeCloseTo(1, 2);
    expect(fit?.r2).toBeGreaterThan(0.99);
  });

  it('scales with the levels and is blind to a constant', () => {
    fc.assert(
      fc.property(
        rows,
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (levels, shift, scale) => {
          const fit = improvementRate(levels)!;
          const moved = improvementRate(levels.map((value) => value * scale + shift))!;
          expect(moved.slope).toBeCloseTo(fit.slope * scale, 9);
          expect(moved.intercept).toBeCloseTo(fit.intercept * scale + shift, 9);
        },
      ),
    );
  });

  it('adds up: the slope of a sum is the sum of the slopes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level), { minLength: 2, maxLength: 15 }), (pairs) => {
        const slope = (levels: number[]) => improvementRate(levels)!.slope;
        const sum = slope(pairs.map(([a, b]) => a + b));
        expect(sum).toBeCloseTo(slope(pairs.map(([a]) => a)) + slope(pairs.map(([, b]) => b)), 9);
      }),
    );
  });

  it('turns its sign when the turns run backwards', () => {
    fc.assert(
      fc.property(rows, (levels) => {
        const fit = improvementRate(levels)!;
        const backwards = improvementRate(levels.toReversed())!;
        expect(backwards.slope).toBeCloseTo(-fit.slope, 9);
        if (fit.r2 === null) expect(backwards.r2).toBeNull();
        else expect(backwards.r2).toBeCloseTo(fit.r2, 9);
      }),
    );
  });

  it('gives finite numbers, R2 within 0 and 1, or null', () => {
    fc.assert(
      fc.property(rowsWithGaps, (levels) => {
        for (const fit of [
          improvementRate(levels),
          normalizedImprovementRate(levels),
          normalizedImprovementRate(levels, { extrema: 'running' }),
        ]) {
          if (fit === null) continue;
          expect(Number.isFinite(fit.slope) && Number.isFinite(fit.intercept)).toBe(true);
          if (fit.r2 !== null) {
            expect(fit.r2).toBeGreaterThanOrEqual(0);
            expect(fit.r2).toBeLessThanOrEqual(1);
          }
        }
        expect(improvementRate(levels) === null).toBe(known(levels).length < 2);
      }),
    );
  });
});

describe('normalizedImprovementRate', () => {
  it('is the slope over the range of all turns', () => {
    const levels = [1, 3, 2];
    expect(normalizedImprovementRate(levels)?.slope).toBeCloseTo(0.25, 12);
    expect(normalizedImprovementRate(levels)?.r2).toBe(improvementRate(levels)?.r2);
  });

  it('does not change when the scale is stretched or moved', () => {
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: -50, max: 50 }),
        (levels, scale, shift) => {
          const moved = levels.map((value) => value * scale + shift);
          for (const extrema of ['all-turns', 'running'] as const) {
            const fit = normalizedImprovementRate(levels, { extrema });
            const other = normalizedImprovementRate(moved, { extrema });
            if (fit === null || new Set(moved).size !== new Set(levels).size) continue;
            expect(other?.slope).toBeCloseTo(fit.slope, 8);
            if (fit.r2 !== null) expect(other?.r2).toBeCloseTo(fit.r2, 8);
          }
        },
      ),
    );
  });

  it('has nothing to say about a flat row or fewer than two levels', () => {
    for (const extrema of ['all-turns', 'running'] as const) {
      expect(normalizedImprovementRate([4.2, 4.2, null, 4.2], { extrema })).toBeNull();
      expect(normalizedImprovementRate([null, 4], { extrema })).toBeNull();
      expect(normalizedImprovementRate([null], { extrema })).toBeNull();
    }
  });

  it('has no levels on a scale of 0 to 1 where there are none, one or equal ones', () => {
    for (const levels of [
      [null, null],
      [null, 3],
      [3, null, 3],
    ])
      expect(normalizeLevels(levels)).toBeNull();
  });

  it('takes the extrema so far when asked to', () => {
    expect(normalizeLevels([2, 4, 3, null, 1], { extrema: 'running' })).toEqual([0, 1, 0.5, null, 0]);
    expect(normalizeLevels([2, 4, 3, null, 1])).toEqual([1 / 3, 1, 2 / 3, null, 0]);
  });

  it('starts running at 0, and stays there until the levels move', () => {
    expect(normalizeLevels([3, 3, 4], { extrema: 'running' })).toEqual([0, 0, 1]);
    expect(normalizedImprovementRate([3, 2, 1], { extrema: 'running' })).toEqual({
      slope: 0,
      intercept: 0,
      r2: null,
    });
  });

  it('refuses other extrema', () => {
    expect(() => normalizedImprovementRate([1, 2], { extrema: 'global' as never })).toThrow(
      '"extrema": expected "all-turns" or "running"',
    );
  });
});

describe.each([
  ['improvementRate', improvementRate],
  ['normalizedImprovementRate', normalizedImprovementRate],
])('%s', (_name, rate) => {
  it.each([
    ['no turns', [], '"levels"'],
    ['no array', undefined as never, '"levels"'],
    ['NaN', [1, Number.NaN], '"levels[1]"'],
    ['infinity', [Number.POSITIVE_INFINITY, 1], '"levels[0]"'],
    ['a text', ['1' as never], '"levels[0]"'],
    ['undefined', [undefined as never, 1], '"levels[0]"'],
  ])('refuses %s by name', (_case, levels, option) => {
    expect(() => rate(levels)).toThrow(InvalidOptionError);
    expect(() => rate(levels)).toThrow(option);
  });
});
