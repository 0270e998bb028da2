import { describe, expect, it } from 'vitest';
import {
  averageLevel,
  improvementRate,
  normalizedImprovementRate,
  normalizeLevels,
} from '../../src/metrics/index.ts';
import { type PublishedRow, TABLE_1 } from './table-1.ts';

/** How many units of the last printed place lie between a value and what was printed. */
function units(value: number | null | undefined, printed: number, decimals: number): number {
  if (value === null || value === undefined) return Number.NaN;
  return Math.abs(Math.round(value * 10 ** decimals) - Math.round(printed * 10 ** decimals));
}

const roundTo2 = (level: number | null) => (level === null ? null : Math.round(level * 100) / 100);

/** N-R2 as the printed numbers have it: the normalised levels were rounded to two decimals before the fit. */
const roundedNR2 = ({ levels }: PublishedRow) => improvementRate(normalizeLevels(levels)!.map(roundTo2))?.r2;

describe('the published Table 1', () => {
  it('has 16 rows of ten turns', () => {
    expect(TABLE_1).toHaveLength(16);
    for (const { levels } of TABLE_1) expect(levels).toHaveLength(10);
  });

  it.each(TABLE_1)('$model: average, IR, R2 and N-IR come out within one unit of the last place', (row) => {
    expect(units(averageLevel(row.levels), row.average, 2)).toBeLessThanOrEqual(1);
    expect(units(improvementRate(row.levels)?.slope, row.ir, 3)).toBeLessThanOrEqual(1);
    expect(units(improvementRate(row.levels)?.r2, row.r2, 3)).toBeLessThanOrEqual(1);
    expect(units(normalizedImprovementRate(row.levels)?.slope, row.nIr, 3)).toBeLessThanOrEqual(1);
  });

  it.each(TABLE_1)('$model: N-R2 is R2, and the printed one is off by rounding only', (row) => {
    expect(normalizedImprovementRate(row.levels)?.r2).toBe(improvementRate(row.levels)?.r2);
    expect(Math.abs(row.nR2 - improvementRate(row.levels)!.r2!)).toBeLessThan(0.007);
  });

  it('prints the N-R2 of two-decimal levels within one unit, in all rows but four', () => {
    const differences = TABLE_1.map((row) => [row.model, units(roundedNR2(row), row.nR2, 3)] as const);
    expect(differences.filter(([, difference]) => difference > 1)).toEqual([
      ['Qwen2-7B-Instruct SFT-Rejected', 2],
      ['Llama-3-8B-Instruct Ours', 6],
      ['Mistral-7B-Instruct Base', 3],
      ['Mistral-7B-Instruct SFT-Preferred', 2],
    ]);
  });

  it('is not reproduced by running extrema', () => {
    const matching = TABLE_1.filter(
      ({ levels, nIr }) =>
        units(normalizedImprovementRate(levels, { extrema: 'running' })?.slope, nIr, 3) <= 1,
    );
    expect(matching.map(({ model }) => model)).toEqual([]);
  });
});
