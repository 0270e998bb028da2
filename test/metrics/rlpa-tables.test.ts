import { describe, expect, it } from 'vitest';
import { averageLevel, type Extrema, normalizedImprovementRate } from '../../src/metrics/index.ts';
import { EXTENDED, type RlpaRow, VANILLA } from './rlpa-tables.ts';

// Half a unit of the last printed place, and what the two decimals of the levels can move.
const HALF_A_UNIT_2 = 0.0101;
const HALF_A_UNIT_3 = 0.00055;

function follows({ levels, nIr, nR2 }: RlpaRow, extrema: Extrema): boolean {
  const fit = normalizedImprovementRate(levels, { extrema })!;
  return Math.abs(fit.slope - nIr) < HALF_A_UNIT_3 && Math.abs(fit.r2! - nR2) < HALF_A_UNIT_3;
}

describe('the published tables of RLPA', () => {
  it('have all rows of ten turns', () => {
    expect([VANILLA.length, EXTENDED.length]).toEqual([15, 13]);
    for (const { levels } of [...VANILLA, ...EXTENDED]) expect(levels).toHaveLength(10);
  });

  it('give N-IR and N-R2 to the printed digit: the first benchmark with the extrema of all turns', () => {
    expect(VANILLA.filter((row) => !follows(row, 'all-turns'))).toEqual([]);
  });

  it('give N-IR and N-R2 to the printed digit: the second benchmark with running extrema', () => {
    expect(EXTENDED.filter((row) => !follows(row, 'running'))).toEqual([]);
    // The extrema of that row are its first two levels, so that both say the same.
    expect(EXTENDED.filter((row) => follows(row, 'all-turns')).map(({ model }) => model)).toEqual([
      'Qwen2.5-3B-Instruct, Base',
    ]);
  });

  it('give the average, but for one that its own levels do not give', () => {
    const differing = [...VANILLA, ...EXTENDED].filter(
      ({ levels, average }) => Math.abs(averageLevel(levels)! - average) > HALF_A_UNIT_2,
    );
    expect(differing.map(({ model, average }) => [model, average])).toEqual([
      ['Qwen2.5-3B-Instruct, DPO', 45.27],
    ]);
    expect(averageLevel(differing[0]!.levels)).toBeCloseTo(49.865, 3);
  });
});
