import { expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { evaluationOf } from './evaluation-data.ts';

const first = evaluationOf(
  [
    [1, 2],
    [3, 4],
    [5, 5],
  ],
  { name: 'bare' },
);
const second = evaluationOf(
  [
    [3, 4],
    [3, 4],
    [5, 4],
  ],
  { name: 'told' },
);

it('counts case by case who did better', () => {
  expect(compareEvaluations(first, second)).toEqual({
    first: 'bare',
    second: 'told',
    difference: 0.5,
    better: 1,
    equal: 1,
    worse: 1,
    byTurn: [
      { turn: 1, difference: 2 / 3, cases: 3 },
      { turn: 2, difference: 1 / 3, cases: 3 },
    ],
    unscoredCases: [],
    warnings: [],
  });
});

it('turns its signs when the sides are exchanged', () => {
  const there = compareEvaluations(first, second);
  const back = compareEvaluations(second, first);
  expect([back.difference, back.better, back.worse]).toEqual([-there.difference!, there.worse, there.better]);
});

it('does not depend on the order of the cases', () => {
  const shuffled = { ...second, cases: second.cases.toReversed() };
  expect(compareEvaluations(first, shuffled)).toEqual(compareEvaluations(first, second));
});

it('counts only what both sides have a score for, and names the cases without any', () => {
  const a = evaluationOf([[1, null], [null, 5], [4]], { turns: 2 });
  const b = evaluationOf([[2, 5], [1, null], []], { turns: 2 });
  expect(compareEvaluations(a, b)).toMatchObject({
    difference: 1,
    better: 1,
    equal: 0,
    worse: 0,
    byTurn: [
      { turn: 1, difference: 1, cases: 1 },
      { turn: 2, difference: null, cases: 0 },
    ],
    unscoredCases: ['case-2', 'case-3'],
  });
});

it('warns in words when more than the candidate differs', () => {
  const { warnings } = compareEvaluations(first, { ...second, judge: 'another-judge', seed: 8 });
  expect(warnings).toEqual(['Another judge: own-judge and another-judge.', 'Another seed: 7 and 8.']);
});

it.each([
  [
    'a case too few',
    evaluationOf([
      [1, 2],
      [3, 4],
    ]),
    'missing: case-3; besides: none',
  ],
  [
    'a case too many',
    evaluationOf([
      [1, 2],
      [3, 4],
      [5, 5],
      [1, 1],
    ]),
    'missing: none; besides: case-4',
  ],
  ['another number of turns', evaluationOf([[1], [3], [5]]), '2 turns as in the first, not 1'],
  [
    'another person under the same id',
    { ...second, cases: second.cases.map((played) => ({ ...played, persona: second.cases[0]!.persona })) },
    'the persona that case case-2 has',
  ],
])('refuses %s', (_name, other, message) => {
  expect(() => compareEvaluations(first, other)).toThrow(InvalidOptionError);
  expect(() => compareEvaluations(first, other)).toThrow(message);
});
