import { describe, expect, it } from 'vitest';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import { simulateDropout } from '../metrics/dropout-study.ts';
import { evaluationOf } from './evaluation-data.ts';

/** Scores up to the first that is missing: an evaluation in which cases broke off. */
const torn = (name: string, scores: readonly (readonly (number | null)[])[]) =>
  evaluationOf(
    scores.map((row) => row.slice(0, row.includes(null) ? row.indexOf(null) : row.length)),
    { name, turns: scores[0]!.length },
  );
const flat = () => 3.4;
const leaving = torn(
  'leaving',
  simulateDropout({ name: 'low cases leave', level: flat, hazard: (height) => (height < 0 ? 0.15 : 0) }, 1),
);
const staying = torn('staying', simulateDropout({ name: 'all stay', level: flat, hazard: () => 0 }, 1));
const cutByChance = torn(
  'by chance',
  simulateDropout({ name: 'by chance', level: flat, hazard: () => 0.05 }, 3),
);

describe('where low cases break off', () => {
  it('IR within cases shows no rise, and the words say why the plain one does', () => {
    expect(leaving.improvementRate!.slope).toBeGreaterThan(0.025);
    expect(leaving.statistics.improvementRate!.low).toBeGreaterThan(0);
    const { difference, pValue, withinCases } = leaving.dropout!;
    expect(difference).toBeLessThan(-0.5);
    expect(pValue).toBeLessThan(0.001);
    expect(withinCases!.interval!.low).toBeLessThan(0);
    expect(withinCases!.interval!.high).toBeGreaterThan(0);
    for (const text of [resultsTable([staying, leaving]), describeEvaluation(leaving)]) {
      expect(text).toMatch(
        /^- leaving: Scores are not missing at random: before their scores stopped, \d+ cases were 0\.\d\d points lower than those that went on \(p < 0\.001\)\. This makes later levels, the average and IR too high\. Use the IR within cases\.$/m,
      );
      expect(text).toMatch(/^- leaving: IR within cases, .*: -?0\.0\d\d \[-0\.\d{3}, 0\.\d{3}\]\./m);
    }
  });
});

it('where cases break off by chance, there is an IR within cases and no warning', () => {
  expect(cutByChance.dropout!.pValue).toBeGreaterThan(0.05);
  const text = describeEvaluation(cutByChance);
  expect(text).toContain('IR within cases');
  expect(text).not.toContain('not missing at random');
});

it('at full coverage nothing is said and nothing computed', () => {
  expect(staying.dropout).toBeNull();
  expect(describeEvaluation(staying)).not.toMatch(/Not scored|within cases|Empty/);
});

it('rows that rest on different responses get averages over those that all have', () => {
  const one = evaluationOf(
    [
      [5, 1],
      [3, null],
    ],
    { name: 'one' },
  );
  const two = evaluationOf(
    [
      [null, 2],
      [4, 4],
    ],
    { name: 'two' },
  );
  expect(resultsTable([one, two])).toContain(
    '- The rows rest on different responses. Averages over the 2 of 4 responses that all have a score for: one 2.00, two 3.00.',
  );
  expect(resultsTable([one, two], { intervals: false })).toContain('- one: Not scored: 1 of 4 responses');
  expect(resultsTable([staying, staying])).not.toContain('The rows rest');
  const apart = evaluationOf(
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    { name: 'apart' },
  );
  expect(resultsTable([one, apart])).not.toContain('The rows rest');
});

it('a comparison tells how much of both sides it leaves out, and why', () => {
  const one = evaluationOf([[5, null], [3], [4, 4]], { name: 'one', turns: 2 });
  const two = evaluationOf(
    [
      [4, 4],
      [4, 4],
      [null, 4],
    ],
    { name: 'two' },
  );
  const { coverage, warnings } = compareEvaluations(one, two);
  expect(coverage).toEqual({
    compared: 3,
    asked: 6,
    first: { responses: 2, cases: 2, reasons: { 'malformed-verdict': 1, 'not-reached': 1 } },
    second: { responses: 1, cases: 1, reasons: { 'malformed-verdict': 1 } },
  });
  expect(warnings).toEqual([
    'Compared on 3 of 6 responses, in 3 of 3 cases: one lacks 2 (malformed-verdict 1, not-reached 1), two lacks 1 (malformed-verdict 1).',
  ]);
});

it('a comparison among several leaves out what any of them lacks', () => {
  const [one, two] = ['one', 'two'].map((name) =>
    evaluationOf(
      [
        [4, 5],
        [3, 3],
      ],
      { name },
    ),
  );
  const third = evaluationOf([[null, 5], [3]], { name: 'third', turns: 2 });
  expect(compareEvaluations(one!, two!).coverage.compared).toBe(4);
  const among = compareEvaluations(one!, two!, { among: [third] });
  expect(among.coverage).toMatchObject({ compared: 2, asked: 4, first: { responses: 0 } });
});

it('a comparison says so if cases break off where one side does worse than elsewhere', () => {
  // The second is better by 1 in even cases, and worse by 1 in odd ones, which mostly break off after turn 2.
  const rows = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 1 : -1));
  const one = evaluationOf(
    rows.map(() => [3, 3, 3, 3]),
    { name: 'one' },
  );
  const two = evaluationOf(
    rows.map((gap, index) => Array.from({ length: gap > 0 || index % 8 === 1 ? 4 : 2 }, () => 3 + gap)),
    { name: 'two', turns: 4 },
  );
  const { difference, warnings, dropout } = compareEvaluations(one, two);
  expect(difference).toBeGreaterThan(0.2);
  expect(warnings[1]).toMatch(
    /^Scores are not missing at random: the 15 cases that drop out of the comparison had favoured two by 1\.\d\d points less than those that stay \(p < 0\.001\)\. The difference is too high\. Difference in IR within cases: 0\.000 \[0\.000, 0\.000\]\.$/,
  );
  expect(dropout!.withinCases!.slope).toBeCloseTo(0, 12);
  expect(compareEvaluations(one, one).dropout).toBeNull();
});
