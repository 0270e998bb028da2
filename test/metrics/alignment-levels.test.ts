import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { alignmentLevels, averageLevel } from '../../src/metrics/index.ts';

const score = fc.option(fc.integer({ min: 1, max: 5 }));
const scores = fc
  .integer({ min: 1, max: 8 })
  .chain((turns) =>
    fc.array(fc.array(score, { minLength: turns, maxLength: turns }), { minLength: 1, maxLength: 12 }),
  );

describe('alignmentLevels', () => {
  it('is the mean over cases at each turn', () => {
    const levels = alignmentLevels([
      [1, 2, 5],
      [3, 4, 5],
    ]);
    expect(levels).toEqual([2, 3, 5]);
  });

  it('leaves missing scores out of the mean, and has no level where nothing was scored', () => {
    const levels = alignmentLevels([
      [4, null, null],
      [null, null, 2],
      [5, null, 3],
    ]);
    expect(levels).toEqual([4.5, null, 2.5]);
  });

  it('lies between the lowest and the highest score, and is null exactly where all are', () => {
    fc.assert(
      fc.property(scores, (rows) => {
        for (const [turn, level] of alignmentLevels(rows).entries()) {
          const known = rows.map((row) => row[turn]!).filter((value) => value !== null);
          if (known.length === 0) expect(level).toBeNull();
          else {
            expect(level).toBeGreaterThanOrEqual(Math.min(...known));
            expect(level).toBeLessThanOrEqual(Math.max(...known));
          }
        }
      }),
    );
  });

  it('does not depend on the order of the cases', () => {
    fc.assert(
      fc.property(
        scores.chain((rows) =>
          fc.tuple(
            fc.constant(rows),
            fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
          ),
        ),
        ([rows, shuffled]) => {
          expect(alignmentLevels(shuffled)).toEqual(alignmentLevels(rows));
        },
      ),
    );
  });

  it('takes scales other than 1-5', () => {
    expect(
      alignmentLevels([
        [0, -10],
        [100, 20],
      ]),
    ).toEqual([50, 5]);
  });

  it.each([
    ['no cases', [], 'scores'],
    ['no array', 'scores' as never, 'scores'],
    ['no turns', [[]], 'scores[0]'],
    ['a ragged row', [[1, 2], [1]], 'scores[1]'],
    ['a row that is no array', [[1], null as never], 'scores[1]'],
    ['a first row that is none', [null as never, [1]], 'scores[0]'],
    [
      'NaN',
      [
        [1, 2],
        [3, Number.NaN],
      ],
      'scores[1][1]',
    ],
    ['infinity', [[Number.POSITIVE_INFINITY]], 'scores[0][0]'],
    ['minus infinity', [[Number.NEGATIVE_INFINITY]], 'scores[0][0]'],
    ['a text', [['4' as never]], 'scores[0][0]'],
    ['undefined', [[1, undefined as never]], 'scores[0][1]'],
    ['a hole', [[1, 2], new Array(2)], 'scores[1][0]'],
  ])('refuses %s by name', (_name, rows, option) => {
    expect(() => alignmentLevels(rows as (number | null)[][])).toThrow(InvalidOptionError);
    expect(() => alignmentLevels(rows as (number | null)[][])).toThrow(`"${option}"`);
  });
});

describe('the error of alignmentLevels', () => {
  it.each([
    [[], '"scores": expected at least one case, as an array of rows'],
    [[[]], '"scores[0]": expected an array with one score per turn'],
    [[[1, 2], [1]], '"scores[1]": expected 2 turns, like the first case'],
    [[[1, Number.NaN]], '"scores[0][1]": expected a finite number or null'],
  ])('for %j says what was expected', (rows, message) => {
    expect(() => alignmentLevels(rows)).toThrow(message);
  });
});

describe('averageLevel', () => {
  it('is the mean of the levels there are', () => {
    expect(averageLevel([3, null, 4])).toBe(3.5);
  });

  it('is null where there is no level', () => {
    expect(averageLevel([null, null])).toBeNull();
  });

  it.each([
    ['no turns', [], '"levels": expected an array with one level per turn'],
    ['NaN', [1, Number.NaN], '"levels[1]": expected a finite number or null'],
  ])('refuses %s by name', (_name, levels, option) => {
    expect(() => averageLevel(levels)).toThrow(option);
  });
});
