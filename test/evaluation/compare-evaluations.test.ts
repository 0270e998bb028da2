import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import type { EvaluationLock } from '../../src/evaluation/evaluation-lock.ts';
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
  expect(compareEvaluations(first, second)).toMatchObject({
    first: 'bare',
    second: 'told',
    difference: 0.5,
    cases: 3,
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

it('counts a case as equal if thirds add up to the same but for rounding', () => {
  const one = evaluationOf([
    [4, 5 / 3, 2],
    [5 / 3, 4, 2],
  ]);
  const two = evaluationOf([
    [5 / 3, 2, 4],
    [4, 2, 5 / 3],
  ]);
  expect(compareEvaluations(one, two)).toMatchObject({ better: 0, equal: 2, worse: 0 });
});

it('turns its signs when the sides are exchanged', () => {
  const there = compareEvaluations(first, second);
  const back = compareEvaluations(second, first);
  expect([back.difference, back.better, back.worse]).toEqual([-there.difference!, there.worse, there.better]);
});

it('says how sure the differences are', () => {
  const weak = evaluationOf(Array.from({ length: 8 }, (_, index) => [2, 2 + (index % 2), 3]));
  const strong = evaluationOf(Array.from({ length: 8 }, (_, index) => [3, 4, 5 - (index % 3 === 0 ? 1 : 0)]));
  const { difference, interval, pValue, deviation, improvementRate } = compareEvaluations(weak, strong);
  expect(interval!.low).toBeGreaterThan(1);
  expect(interval!.high).toBeGreaterThan(difference!);
  // Two of the 2^8 ways to turn the signs are as far from 0.
  expect(pValue).toBeCloseTo(2 / 256, 2);
  expect(deviation).toBeGreaterThan(0);
  expect(improvementRate.difference).toBeCloseTo(
    strong.improvementRate!.slope - weak.improvementRate!.slope,
    12,
  );
  expect(compareEvaluations(weak, strong, { confidence: 0.5 }).interval!.low).toBeGreaterThan(interval!.low);
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

describe('when the locks differ, it says what and what may still be compared', () => {
  const { lock } = second;
  const promptOf = (sha256: string) => ({ ...lock.user, prompt: { ...lock.user.prompt, sha256 } });

  it.each<[string, Partial<EvaluationLock>, RegExp]>([
    [
      'another judge',
      { judge: { id: 'another-judge', prompts: [] } },
      /^Different judge: own-judge vs\. another-judge\. .*the conversations are\. Use rejudge/,
    ],
    [
      'another model as user',
      { user: { ...lock.user, model: 'other-user' } },
      /^Different simulated user: user-model.*other-user.*neither scores nor conversations/,
    ],
    [
      'a user with other words under the same name',
      { user: promptOf('c'.repeat(64)) },
      /^Different simulated user: .*role-player@2 \(aaaaaaaa\).*role-player@2 \(cccccccc\)/,
    ],
    [
      'a user sampled in another way',
      { user: { ...lock.user, temperature: 0.2 } },
      /^Different simulated user: .*temperature default.*temperature 0\.2/,
    ],
    [
      'candidates sampled in another way',
      { responses: { ...lock.responses, temperature: 0 } },
      /^Different candidate sampling: .*are comparable, but/,
    ],
    ['another seed', { seed: 8 }, /^Different seed: 7 vs\. 8\. .*averages over many cases/],
    ['another version', { version: '9.0.0' }, /^Different aloe-align version: 0\.1\.0 vs\. 9\.0\.0\./],
    [
      'cases that differ in more than the persona',
      { cases: { count: 3, sha256: 'd'.repeat(64) } },
      /^Different set of cases: 3 \(hash 33333333\) vs\. 3 \(hash dddddddd\)\./,
    ],
  ])('%s', (_name, change, words) => {
    const { warnings } = compareEvaluations(first, { ...second, lock: { ...lock, ...change } });
    expect(warnings).toEqual([expect.stringMatching(words)]);
  });

  it('the same judge with other words in its prompt', () => {
    const judgedBy = (sha256: string) => ({
      ...lock,
      judge: { id: 'own-judge', prompts: [{ name: 'judge@1', sha256 }] },
    });
    const { warnings } = compareEvaluations(
      { ...first, lock: judgedBy('a'.repeat(64)) },
      { ...second, lock: judgedBy('b'.repeat(64)) },
    );
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Different judge: own-judge, prompt judge@1 \(aaaaaaaa\) vs\. own-judge, prompt judge@1 \(bbbbbbbb\)\./,
      ),
    ]);
  });

  it('several at once, the weightiest first', () => {
    const { warnings } = compareEvaluations(first, {
      ...second,
      lock: { ...lock, seed: 8, judge: { id: 'another-judge', prompts: [] } },
    });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^Different judge/);
  });
});

it.each([
  [
    'a case too few',
    evaluationOf([
      [1, 2],
      [3, 4],
    ]),
    'missing: case-3; extra: none',
  ],
  [
    'a case too many',
    evaluationOf([
      [1, 2],
      [3, 4],
      [5, 5],
      [1, 1],
    ]),
    'missing: none; extra: case-4',
  ],
  ['another number of turns', evaluationOf([[1], [3], [5]]), '2 turns, as in the first (it has 1)'],
  [
    'another task under the same id',
    { ...second, cases: second.cases.map((played) => ({ ...played, task: 'wants a toast written' })) },
    'the same drift, situations, task and habits for case case-1 as the first',
  ],
  [
    'another person under the same id',
    { ...second, cases: second.cases.map((played) => ({ ...played, persona: second.cases[0]!.persona })) },
    'the same persona for case case-2 as the first',
  ],
])('refuses %s', (_name, other, message) => {
  expect(() => compareEvaluations(first, other)).toThrow(InvalidOptionError);
  expect(() => compareEvaluations(first, other)).toThrow(message);
});

it.each([
  ['first', [[], second]],
  ['first', []],
  ['second', [first]],
  ['second', [first, { cases: [] }]],
])('names the side that is no evaluation: %s', (side, given) => {
  const compare = () => compareEvaluations(...(given as unknown as [typeof first, typeof second]));
  expect(compare).toThrow(InvalidOptionError);
  expect(compare).toThrow(`Option "${side}": expected an evaluation`);
});
