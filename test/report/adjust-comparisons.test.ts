import { describe, expect, it, test } from 'vitest';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { adjustComparisons } from '../../src/report/adjust-comparisons.ts';
import { renderMarkdownReport, renderReport } from '../../src/report/index.ts';
import { rankEvaluations } from '../../src/report/rank-evaluations.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';

/** Ten cases at 3, of which `higher` cases are at 4. */
const candidate = (name: string, higher: number) =>
  evaluationOf(
    Array.from({ length: 10 }, (_, index) => [index < higher ? 4 : 3, index < higher ? 4 : 3]),
    { name },
  );
const [base, good, best] = [candidate('base', 0), candidate('good', 2), candidate('best', 6)];

describe('a ranking', () => {
  it('adjusts each comparison with the best for all pairs of candidates', () => {
    const { standings } = rankEvaluations([base, good, best]);
    const [, second, third] = standings.map(({ comparison }) => comparison);
    // 2 of 2^6 and 2 of 2^4 signs are as far from 0; three pairs, so three times and twice.
    expect([third!.pValue, third!.adjustedPValue]).toEqual([2 / 64, 6 / 64]);
    expect([second!.pValue, second!.adjustedPValue]).toEqual([2 / 16, 4 / 16]);
  });

  it('has nothing to adjust for two candidates', () => {
    const [, second] = rankEvaluations([base, best]).standings;
    expect(second!.comparison!.adjustedPValue).toBe(second!.comparison!.pValue);
  });
});

it('adjusts averages for each other, and rates for each other', () => {
  const pairs = [compareEvaluations(base, good), compareEvaluations(base, best)];
  const adjusted = adjustComparisons(pairs);
  expect(adjusted.map(({ adjustedPValue }) => adjustedPValue)).toEqual([2 / 4, 4 / 64]);
  expect(adjusted.map(({ improvementRate }) => improvementRate.adjustedPValue)).toEqual([1, 1]);
  expect(adjusted.map(({ pValue }) => pValue)).toEqual(pairs.map(({ pValue }) => pValue));
});

describe('a report', () => {
  test('shows both p-values, and its headline stands on the adjusted one', () => {
    const two = renderMarkdownReport({ evaluations: [base, best] });
    expect(two).toMatch(/^best has the highest average level.*, p\u00a0=\u00a00\.031\)/m);
    const three = renderMarkdownReport({ evaluations: [base, candidate('low', -1), best] });
    expect(three).toMatch(
      /^No clear winner: best .*, p\u00a0=\u00a00\.031, adjusted p\u00a0=\u00a00\.094\)/m,
    );
    expect(three).toContain('| 0.031 (adjusted 0.094) | 6 / 4 / 0 |');
    const page = renderReport({ evaluations: [base, candidate('low', -1), best] });
    expect(page).toContain('<td>0.031<span class="interval">adjusted 0.094</span></td>');
  });

  test('adjusts comparisons that are passed to it', () => {
    const comparisons = [compareEvaluations(base, good), compareEvaluations(base, best)];
    expect(renderMarkdownReport({ evaluations: [base], comparisons })).toContain(
      '| 0.031 (adjusted 0.063) |',
    );
    expect(renderReport({ evaluations: [base], comparisons })).toContain('adjusted 0.063</span></td>');
  });

  test('says when there are too few cases for a p-value', () => {
    const few = [candidate('one', 0), candidate('two', 3)].map(({ cases, lock, candidate: { name } }) =>
      evaluationOf(
        cases.slice(0, 5).map(({ turns }) => turns.map(({ judgement }) => judgement!.score)),
        { name, turns: lock.turns },
      ),
    );
    expect(renderMarkdownReport({ evaluations: few })).toContain('too few independent cases for a p-value');
  });
});
