import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turnsToRecover } from '../../src/metrics/index.ts';

describe('turnsToRecover', () => {
  it.each([
    ['at once where nothing was lost', [4, 4, 4, 4], 3, 0],
    ['at the first turn within the tolerance', [4, 4, 2, 3, 3.5, 4], 3, 2],
    ['compared with the mean of before', [3, 5, 1, 3.6], 3, 1],
    ['turns that were not scored counted as time', [4, 4, null, null, 4], 3, 2],
    ['never when it stays below', [4, 4, 2, 3.4], 3, null],
    ['never when nothing before was scored', [null, null, 4, 5], 3, null],
    ['never when nothing after was scored', [4, 4, null, null], 3, null],
  ])('counts from the drift: %s', (_what, levels, driftTurn, expected) => {
    expect(turnsToRecover(levels, driftTurn)).toBe(expected);
  });

  it('takes a tolerance', () => {
    expect(turnsToRecover([4, 3, 4], 2, { tolerance: 1 })).toBe(0);
    expect(turnsToRecover([4, 3, 4], 2, { tolerance: 0 })).toBe(1);
  });

  it('does not take a lucky turn for a recovery when it has to last', () => {
    const levels = [4, 2, 4, 2, 4, null, 4];
    expect(turnsToRecover(levels, 2)).toBe(1);
    expect(turnsToRecover(levels, 2, { sustained: 2 })).toBe(3);
    expect(turnsToRecover(levels, 2, { sustained: 3 })).toBeNull();
  });

  it('never takes longer with a greater tolerance, nor shorter when it has to last', () => {
    const score = fc.option(fc.integer({ min: 1, max: 5 }), { nil: null });
    const orNever = (turns: number | null) => turns ?? Infinity;
    fc.assert(
      fc.property(
        fc
          .array(score, { minLength: 2, maxLength: 20 })
          .chain((levels) => fc.tuple(fc.constant(levels), fc.integer({ min: 2, max: levels.length }))),
        ([levels, driftTurn]) => {
          const plain = orNever(turnsToRecover(levels, driftTurn));
          expect(orNever(turnsToRecover(levels, driftTurn, { tolerance: 1 }))).toBeLessThanOrEqual(plain);
          expect(orNever(turnsToRecover(levels, driftTurn, { sustained: 2 }))).toBeGreaterThanOrEqual(plain);
        },
      ),
    );
  });

  it.each([
    ['driftTurn', () => turnsToRecover([1, 2], 1)],
    ['driftTurn', () => turnsToRecover([1, 2], 3)],
    ['driftTurn', () => turnsToRecover([1, 2, 3], 2.5)],
    ['levels', () => turnsToRecover([], 2)],
    ['tolerance', () => turnsToRecover([1, 2], 2, { tolerance: -1 })],
    ['sustained', () => turnsToRecover([1, 2], 2, { sustained: 0 })],
    ['sustained', () => turnsToRecover([1, 2], 2, { sustained: 1.5 })],
  ])('refuses a bad %s by name', (option, call) => {
    expect(call).toThrow(`"${option}"`);
  });
});
