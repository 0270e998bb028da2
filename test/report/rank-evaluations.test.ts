import { describe, expect, test } from 'vitest';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { describeOutcome } from '../../src/report/describe-outcome.ts';
import { renderMarkdownReport } from '../../src/report/markdown-report.ts';
import { rankEvaluations } from '../../src/report/rank-evaluations.ts';
import type { ScriptedModel } from '../../src/testing/scripted-model.ts';
import { evaluationOf, repeatedEvaluation } from '../evaluation/evaluation-data.ts';
import { benchmarkCases, fakeModel, fakeUser, verdict } from '../evaluation/fakes.ts';

type Row = readonly (number | null)[];

const result = (name: string, scores: readonly Row[]) => evaluationOf(scores, { name, turns: 4 });
const rows = (count: number, row: (index: number) => Row) =>
  Array.from({ length: count }, (_, index) => row(index));
const names = (evaluations: readonly EvaluationResult[]) =>
  rankEvaluations(evaluations).standings.map(({ evaluation }) => evaluation.candidate.name);
const outcome = (...evaluations: readonly EvaluationResult[]) =>
  describeOutcome(rankEvaluations(evaluations));

describe('a candidate that is empty on 13 of 20 cases', () => {
  // The judge gives 4 to the abstainer's few replies, and 3 to every honest one.
  const judge = fakeModel('judge', ({ messages }) =>
    verdict(messages.some(({ content }) => content.includes('Perfect.')) ? 4 : 3),
  );
  const isEasy = (subject = '') => Number(/^case-(\d+)/.exec(subject)?.[1]) <= 7;
  const abstaining = fakeModel('abstaining', (_request, { place }) =>
    isEasy(place?.subject) ? 'Perfect.' : '',
  );
  const evaluate = (candidate: ScriptedModel) =>
    new AloeEvaluator({ user: fakeUser(), judge, cases: benchmarkCases(20), turns: 4 }).evaluate(candidate);

  test('does not open the report as the best, and the page says how often it was empty', async () => {
    const honest = await evaluate(fakeModel('honest', () => 'How are they?'));
    const silent = await evaluate(abstaining);
    expect(silent.average).toBeCloseTo((7 * 4 + 13 * 1) / 20, 12);
    expect(names([silent, honest])).toEqual(['honest', 'abstaining']);
    const text = renderMarkdownReport({ evaluations: [silent, honest] });
    expect(text).toMatch(
      /^# .*\n\nhonest has the highest average level, 3\.00 .*, ahead of abstaining \(n = 20 cases/,
    );
    expect(text).toContain(
      'abstaining: Empty or withheld: 52 of 80 responses (no-response 52). Each scores 1.',
    );
  });
});

describe('a candidate that broke off in 13 of 20 cases', () => {
  const honest = result(
    'honest',
    rows(20, (index) => (index < 7 ? [4, 4, 4, 4] : [2, 3, 2, 3])),
  );
  const broken = result(
    'broken',
    rows(20, (index) => (index < 7 ? [4, 3, 4, 4] : [])),
  );

  test('is ranked on the 7 cases that both have, and the headline says so', () => {
    expect(broken.average).toBeGreaterThan(honest.average!);
    expect(names([broken, honest])).toEqual(['honest', 'broken']);
    expect(rankEvaluations([broken, honest]).standings.map(({ average }) => average)).toEqual([4, 3.75]);
    expect(outcome(broken, honest)).toMatch(
      /4\.00 .*\(n = 7 cases, difference 0\.25 .* This rests on the 28 of 80 responses that all ranked candidates have a score for\.$/,
    );
  });

  test('is said with its share where the difference stands', () => {
    const [comparison] = rankEvaluations([broken, honest]).standings.flatMap(
      (standing) => standing.comparison ?? [],
    );
    expect(comparison!.warnings).toEqual([
      'Compared on 28 of 80 responses, in 7 of 20 cases: broken lacks 52 (not-reached 52).',
    ]);
  });
});

test('several candidates are compared on what all of them have, turn by turn', () => {
  const one = result(
    'one',
    rows(6, () => [4, 4, 4, null]),
  );
  const two = result(
    'two',
    rows(6, (index) => [3, 3, index === 0 ? null : 3, 5]),
  );
  const three = result(
    'three',
    rows(6, () => [null, 2, 2, 2]),
  );
  const { standings, basis } = rankEvaluations([three, two, one]);
  expect(basis).toEqual({ responses: 11, asked: 24, heldBackBy: { name: 'one', responses: 17 } });
  expect(outcome(three, two, one)).toMatch(
    / This rests on the 11 of 24 responses that all ranked candidates have a score for; without one, on 17\.$/,
  );
  expect(standings.map(({ average }) => average)).toEqual([4, 3, 2]);
  expect(standings.map(({ comparison }) => comparison?.coverage.compared)).toEqual([undefined, 11, 11]);
});

test('with nothing in common there is no ranking', () => {
  const early = result(
    'early',
    rows(6, () => [4, 4, null, null]),
  );
  const late = result(
    'late',
    rows(6, () => [null, null, 3, 3]),
  );
  expect(outcome(early, late)).toBe(
    'The candidates are not ranked: there is no response that all of them have a score for.',
  );
  const whole = result(
    'whole',
    rows(6, () => [2, 2, 2, 2]),
  );
  expect(outcome(early, late, whole)).toMatch(/a score for; without early, there are 12\.$/);
});

test('a candidate with few scores is not ranked, so that the order of the others does not rest on them', () => {
  const good = result(
    'good',
    rows(20, (index) => (index === 0 ? [2, 2, 2, 2] : [4, 5, 4, 5])),
  );
  const bad = result(
    'bad',
    rows(20, (index) => (index === 0 ? [3, 3, 3, 3] : [2, 2, 3, 2])),
  );
  const broken = result(
    'broken',
    rows(20, (index) => (index === 0 ? [3, 3, 3, 4] : [])),
  );
  expect(names([broken, bad, good])).toEqual(['good', 'bad', 'broken']);
  expect(outcome(broken, bad, good)).toBe(outcome(bad, good));
  expect(resultsTable([broken, bad, good])).toContain(
    '- The rows rest on different responses. Do not compare broken: fewer than half as many scores as others.\n',
  );
  const some = result('some', [...rows(19, () => [3, 3, 3, 3]), [3]]);
  expect(resultsTable([broken, some, good])).toContain(
    'Do not compare broken: fewer than half as many scores as others. Averages over the 77 of 80 responses that some, good all have a score for: some 3.00, good ',
  );
  const text = renderMarkdownReport({ evaluations: [broken, bad, good] });
  expect(text).toContain(
    'broken could not be compared with the best candidate. It has a score for 4 of 80 responses, fewer than half as many as others, so it is not ranked.',
  );
});

test('a candidate without any score comes last and does not keep the others from being ranked', () => {
  const none = result(
    'none',
    rows(6, () => []),
  );
  const some = result(
    'some',
    rows(6, () => [4, 4, 4, 4]),
  );
  const others = result(
    'others',
    rows(6, () => [3, 3, 3, 3]),
  );
  expect(names([none, others, some])).toEqual(['some', 'others', 'none']);
  expect(outcome(none, others, some)).toMatch(/^some has the highest average level, 4\.00/);
  expect(outcome(none, some)).toMatch(
    /^some has an average level of 4\.00 .*\. none has no score, so they are not compared\.$/,
  );
});

test('other cases are not ranked against: the largest group with the same cases is', () => {
  const high = result(
    'high',
    rows(3, () => [5, 5, 5, 5]),
  );
  const one = result(
    'one',
    rows(6, () => [4, 4, 4, 4]),
  );
  const two = result(
    'two',
    rows(6, () => [3, 3, 3, 3]),
  );
  const { standings } = rankEvaluations([high, two, one]);
  expect(standings.map(({ evaluation }) => evaluation.candidate.name)).toEqual(['one', 'two', 'high']);
  expect(standings[2]!.problem).toMatch(/the same cases as the first/);
  expect(outcome(high, one)).toMatch(
    /^high has an average level of 5\.00.*\. one has other cases or turns, so they are not compared\.$/,
  );
});

test('one candidate alone says what its average rests on', () => {
  expect(
    outcome(
      result(
        'alone',
        rows(6, () => [4, 4, 4]),
      ),
    ),
  ).toMatch(
    /^alone has an average level of 4\.00 .*\. This rests on the 18 of 24 responses that have a score\.$/,
  );
});

test('candidates with different numbers of repeats are ranked on the repeats that all have', () => {
  const low = rows(20, (index) => [2, 2, 2, 2 + (index % 2)]);
  const high = low.map((row) => row.map((score) => score! + 2));
  const once = repeatedEvaluation([high], 'once');
  // The second repeat alone would put it first.
  const twice = repeatedEvaluation([low, rows(20, () => [5, 5, 5, 5])], 'twice');
  expect(names([once, twice])).toEqual(['once', 'twice']);
  expect(outcome(once, twice)).toMatch(/^once has the highest average level, 4\.13 .* twice/s);
  expect(outcome(once, twice)).not.toContain('other settings');
});
