import { expect, it } from 'vitest';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import type { Judgement } from '../../src/evaluation/judge.ts';
import { evaluationOf } from './evaluation-data.ts';

/** A result with one case and these judgements, one a turn. */
function judgedAs(...judgements: readonly Partial<Judgement>[]): EvaluationResult {
  const result = evaluationOf([judgements.map(() => 3)]);
  const cases = result.cases.map((played) => ({
    ...played,
    turns: played.turns.map((turn, index) => ({
      ...turn,
      judgement: { ...turn.judgement, ...judgements[index] },
    })),
  }));
  return { ...result, cases };
}

it('gives the means of the sub-scores, and how many scores leave their range', () => {
  const text = describeEvaluation(
    judgedAs({ aspects: { tone: 4, form: 2, uptake: 5 } }, { aspects: { tone: 5, form: 4, uptake: 4 } }, {}),
  );
  expect(text).toContain('Sub-scores, means of 2 verdicts: tone 4.50, form 3.00, uptake 4.50.');
  expect(text).toContain('1 of the scores lies outside the range of their own sub-scores.');
});

it('names what is violated most, in words, out of the responses whose verdicts name statements', () => {
  const text = describeEvaluation(
    judgedAs({ violated: ['T2'] }, { violated: ['T1', 'T2'] }, { violated: [] }, {}),
  );
  expect(text).toContain(
    'Violated most often: "Short of patience" (in 2 of 3 responses); "Dry wit" (in 1 of 3 responses).',
  );
});

it('counts the votes behind a score', () => {
  const aspects = { tone: 2, form: 3, uptake: 4 };
  const vote = { judge: 'j', score: 3, status: 'scored', aspects, violated: ['T1'] } as const;
  const text = describeEvaluation(judgedAs({ votes: [vote, { ...vote, violated: [] }] }));
  expect(text).toContain('means of 2 verdicts: tone 2.00, form 3.00, uptake 4.00. 0 of the scores lie');
  expect(text).toContain('"Dry wit" (in 1 of 1 response)');
});

it('says nothing of a judge that gives neither', () => {
  expect(describeEvaluation(judgedAs({}))).not.toMatch(/Sub-scores|Violated/);
});
