import { describe, expect, it } from 'vitest';
import { type PublishedResult, publishedResults } from '../../src/benchmark/index.ts';
import {
  averageLevel,
  improvementRate,
  normalizedImprovementRate,
  normalizeLevels,
} from '../../src/metrics/index.ts';

const TABLE_1 = publishedResults.filter(({ table }) => table === 1);
const TABLE_2 = publishedResults.filter(({ table }) => table === 2);

/** How many units of the last printed place lie between a value and what was printed. */
function units(value: number | null | undefined, printed: number, decimals: number): number {
  if (value === null || value === undefined) return Number.NaN;
  return Math.abs(Math.round(value * 10 ** decimals) - Math.round(printed * 10 ** decimals));
}

const roundTo2 = (level: number | null) => (level === null ? null : Math.round(level * 100) / 100);

/** N-R2 as the printed numbers have it: the normalised levels were rounded to two decimals before the fit. */
const roundedNR2 = ({ levels }: PublishedResult) =>
  improvementRate(normalizeLevels(levels)!.map(roundTo2))?.r2;

describe('the published tables', () => {
  it('have 16 and 3 rows of ten turns, each with its own model and type', () => {
    expect(TABLE_1).toHaveLength(16);
    expect(TABLE_2).toHaveLength(3);
    expect(new Set(publishedResults.map(({ model, type }) => `${model} ${type}`)).size).toBe(19);
    for (const { levels } of publishedResults) expect(levels).toHaveLength(10);
  });

  it.each(publishedResults)(
    '$model $type: average, IR, R2 and N-IR come out within one unit of the last place',
    (row) => {
      expect(units(averageLevel(row.levels), row.average, 2)).toBeLessThanOrEqual(1);
      expect(units(improvementRate(row.levels)?.slope, row.improvementRate, 3)).toBeLessThanOrEqual(1);
      expect(units(improvementRate(row.levels)?.r2, row.r2, 3)).toBeLessThanOrEqual(1);
      expect(
        units(normalizedImprovementRate(row.levels)?.slope, row.normalizedImprovementRate, 3),
      ).toBeLessThanOrEqual(1);
    },
  );

  it.each(publishedResults)(
    '$model $type: N-R2 is R2, and the printed one is off by rounding only',
    (row) => {
      expect(normalizedImprovementRate(row.levels)?.r2).toBe(improvementRate(row.levels)?.r2);
      expect(Math.abs(row.normalizedR2 - improvementRate(row.levels)!.r2!)).toBeLessThan(0.007);
    },
  );

  it('have the N-R2 of two-decimal levels within one unit, in all rows of Table 1 but four', () => {
    const differences = TABLE_1.map(
      (row) => [`${row.model} ${row.type}`, units(roundedNR2(row), row.normalizedR2, 3)] as const,
    );
    expect(differences.filter(([, difference]) => difference > 1)).toEqual([
      ['Qwen2-7B-Instruct SFT-Rejected', 2],
      ['Llama-3-8B-Instruct Ours', 6],
      ['Mistral-7B-Instruct Base', 3],
      ['Mistral-7B-Instruct SFT-Preferred', 2],
    ]);
  });

  it('are not reproduced by running extrema', () => {
    const matching = TABLE_1.filter(
      ({ levels, normalizedImprovementRate: printed }) =>
        units(normalizedImprovementRate(levels, { extrema: 'running' })?.slope, printed, 3) <= 1,
    );
    expect(matching.map(({ model }) => model)).toEqual([]);
  });
});

describe('Table 2', () => {
  it('repeats SFT-Preferred of Table 1 as its mixture', () => {
    const { table: _table, type: _type, ...mixture } = TABLE_2[0]!;
    const preferred = TABLE_1.find(({ type }) => type === 'SFT-Preferred');
    expect(preferred).toMatchObject(mixture);
  });
});
