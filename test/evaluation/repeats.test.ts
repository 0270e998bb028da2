import { describe, expect, it } from 'vitest';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import { type EvaluationResult, evaluationSchema } from '../../src/evaluation/evaluation-result.ts';
import type { AloeEvaluatorOptions } from '../../src/evaluation/evaluator-options.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { repeatedEvaluation } from './evaluation-data.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeModel, fakeUser, verdict } from './fakes.ts';

/** Whole numbers 1-5 without a pattern. */
function scoresOf(cases: number, turns: number, salt: number): number[][] {
  return Array.from({ length: cases }, (_, row) =>
    Array.from(
      { length: turns },
      (_turn, turn) => 1 + ((row * 7 + turn * 3 + salt * 5 + ((row * turn) % 4)) % 5),
    ),
  );
}

describe('an evaluator with repeats', () => {
  const play = (options: Partial<AloeEvaluatorOptions>, candidate = fakeCandidate()) =>
    new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(4),
      turns: 2,
      ...options,
    }).evaluate(candidate);

  it('plays each case as often as it says, with other words of the user', async () => {
    const result = await play({ repeats: 3 });
    expect(result.lock.repeats).toBe(3);
    expect(result.lock.cases.count).toBe(4);
    expect(result.cases.map(({ caseId, repeat }) => `${caseId} ${repeat}`).slice(0, 4)).toEqual([
      'case-1 1',
      'case-1 2',
      'case-1 3',
      'case-2 1',
    ]);
    expect(new Set(result.cases.map(({ turns }) => turns[0]!.user)).size).toBe(12);
    expect(result.levels[0]).toMatchObject({ scored: 12, asked: 12 });
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('buys nothing again when repeats are added, and leaves the first as it was', async () => {
    const run = memoryRun({ seed: 7 });
    const [user, judge, candidate] = [fakeUser(), fakeJudge(), fakeCandidate()];
    const all = { run, user, judge, costs: true };
    const calls = () => [user, judge, candidate].map((model) => model.calls.length);
    const once = await play(all, candidate);
    const before = calls();
    const thrice = await play({ ...all, repeats: 3 }, candidate);
    expect(calls()).toEqual(before.map((count) => 3 * count));
    expect(thrice.cases.filter(({ repeat }) => repeat === 1)).toEqual(once.cases);
  });

  it('shows every candidate the same user in the same repeat', async () => {
    const run = memoryRun({ seed: 7 });
    const [one, two] = [
      await play({ run, repeats: 2 }, fakeCandidate('one')),
      await play({ run, repeats: 2 }, fakeCandidate('two')),
    ];
    const openings = (result: EvaluationResult) => result.cases.map(({ turns }) => turns[0]!.user);
    expect(openings(one)).toEqual(openings(two));
  });

  it('holds all repeats of a case against the same other persona, and judges them by one checklist', async () => {
    const writer = fakeModel('writer', ({ outputSchema }) =>
      JSON.stringify(
        (JSON.stringify(outputSchema) ?? '').includes('items')
          ? { items: ['Is it short?', 'Is it dry?', 'Is it about bees?'], met: [true, true, false] }
          : {},
      ),
    );
    const result = await play({ repeats: 2, otherPersona: 'any' });
    const others = Object.groupBy(result.cases, ({ caseId }) => caseId);
    for (const own of Object.values(others)) {
      expect(new Set(own!.map(({ otherCase }) => otherCase)).size).toBe(1);
      expect(own![0]!.otherCase).toBeDefined();
    }
    await play({ repeats: 2, judge: checklistJudge(writer), otherPersona: false, cases: benchmarkCases(1) });
    const written = writer.calls.filter(({ options }) => options.place?.role === 'checklist');
    expect(new Set(written.map(({ options }) => options.place?.subject))).toEqual(new Set(['case-1']));
  });

  it('says in events which repeat they are about', async () => {
    const started: string[] = [];
    await play({
      repeats: 2,
      cases: benchmarkCases(1),
      onEvent: (event) => {
        if (event.type === 'case-end') started.push(`${event.caseId} ${event.repeat}`);
      },
    });
    expect(started.toSorted()).toEqual(['case-1 1', 'case-1 2']);
  });

  it('compares each simulation with its own partner, also if a case is named like a repeat', () => {
    const named = (score: number) => {
      const { cases, ...rest } = repeatedEvaluation([
        [[1], [1]],
        [[score], [1]],
      ]);
      const ids = new Map([['case-2', 'case-1, repeat 2']]);
      const renamed = cases.map((own) => ({ ...own, caseId: ids.get(own.caseId) ?? own.caseId }));
      return { ...rest, cases: renamed };
    };
    expect(compareEvaluations(named(1), named(5))).toMatchObject({ difference: 1, better: 1, equal: 1 });
  });

  it('refuses case ids that would share the calls of a repeat', () => {
    const [one, two] = benchmarkCases(2);
    const cases = [one!, { ...two!, id: 'case-1#2' }];
    expect(() => new AloeEvaluator({ user: fakeUser(), judge: fakeJudge(), cases, repeats: 2 })).toThrow(
      'cases[1].id',
    );
    expect(() => new AloeEvaluator({ user: fakeUser(), judge: fakeJudge(), cases })).not.toThrow();
    expect(() => new AloeEvaluator({ user: fakeUser(), judge: fakeJudge(), cases, repeats: 0 })).toThrow(
      'repeats',
    );
  });

  it('is judged again from the journal, repeat by repeat', async () => {
    const run = memoryRun({ seed: 7 });
    const judge = fakeJudge();
    const result = await play({ run, judge, repeats: 2 });
    const bought = judge.calls.length;
    const again = await rejudge(result, judge, { run });
    expect(judge.calls).toHaveLength(bought);
    expect(again).toEqual(result);
    // Other personas are drawn from the cases, not from their repeats.
    const drawn = await rejudge(result, judge, { run, otherPersona: 'any' });
    expect(drawn.cases.map(({ otherCase }) => otherCase)).toEqual(
      result.cases.map(({ otherCase }) => otherCase),
    );
  });
});

describe('statistics of repeats', () => {
  it('do not grow more certain by repeats that say the same', () => {
    const scores = scoresOf(12, 4, 1);
    const once = repeatedEvaluation([scores]);
    const thrice = repeatedEvaluation([scores, scores, scores]);
    const numbers = ({ average, improvementRate, statistics, levels }: EvaluationResult) => ({
      average: average?.toFixed(9),
      slope: improvementRate?.slope.toFixed(9),
      width: (statistics.average!.high - statistics.average!.low).toFixed(9),
      levels: levels.map(({ level }) => level?.toFixed(9)),
    });
    expect(numbers(thrice)).toEqual(numbers(once));
    expect(thrice.costs[0]!.cases).toBe(12);
    expect(thrice.levels[0]).toMatchObject({ scored: 36, asked: 36 });
  });

  it('give every case the same weight, however many of its repeats were scored', () => {
    const result = repeatedEvaluation([
      [[5], [1]],
      [[5], [null]],
      [[5], [null]],
    ]);
    expect(result.average).toBe(3);
    expect(result.levels[0]).toEqual({ turn: 1, level: 3, scored: 4, asked: 6 });
  });

  it('count a case with a missing repeat once, and name the repeat that broke off', () => {
    const result = repeatedEvaluation([
      [
        [4, 4],
        [4, 4],
      ],
      [[4], [4]],
    ]);
    expect(compareEvaluations(result, result).coverage.first).toMatchObject({ responses: 2, cases: 2 });
    expect(describeEvaluation(result)).toContain('- case-1, repeat 2 ended at turn 2');
  });

  it('see simulations that break off, although their cases go on', () => {
    const high = Array.from({ length: 12 }, (_, row) => [4 + (row % 2), 4, 4]);
    const low = Array.from({ length: 12 }, () => [1]);
    const { dropout } = repeatedEvaluation([high, low]);
    expect(dropout).toMatchObject({ cases: 12, difference: -3.5 });
  });
});

describe('a comparison of repeats', () => {
  const [base, other] = [scoresOf(12, 3, 1), scoresOf(12, 3, 3)];

  it('pairs the means of cases', () => {
    const once = compareEvaluations(repeatedEvaluation([base]), repeatedEvaluation([other]));
    const twice = compareEvaluations(repeatedEvaluation([base, base]), repeatedEvaluation([other, other]));
    expect(twice.difference).toBeCloseTo(once.difference!);
    expect(twice.interval!.low).toBeCloseTo(once.interval!.low);
    expect(twice.pValue).toBe(once.pValue);
    expect(twice).toMatchObject({ cases: 12, coverage: { compared: 72, asked: 72 } });
    expect(twice.better + twice.equal + twice.worse).toBe(12);
  });

  it('leaves a response out on both sides where one of them lacks it', () => {
    const gap = base.map((row, index) => (index === 0 ? row.map(() => null) : row));
    const first = repeatedEvaluation([base, gap]);
    const second = repeatedEvaluation([other, other.map((row, index) => (index === 0 ? [5, 5, 5] : row))]);
    const whole = compareEvaluations(repeatedEvaluation([base, base]), repeatedEvaluation([other, other]));
    const { difference, coverage, warnings } = compareEvaluations(first, second);
    expect(coverage).toMatchObject({ compared: 69, asked: 72 });
    expect(warnings[0]).toContain('69 of 72 responses, in 12 of 12 cases');
    // The first repeat alone is the mean of case 1, so the fives of the second count for nothing.
    expect(difference).toBeCloseTo(whole.difference!);
  });

  it('rests on the repeats that both have, and says so', () => {
    const more = repeatedEvaluation([other, other.map((row) => row.map(() => 5))]);
    const once = compareEvaluations(repeatedEvaluation([base]), repeatedEvaluation([other]));
    for (const compared of [
      compareEvaluations(repeatedEvaluation([base]), more),
      compareEvaluations(repeatedEvaluation([base]), repeatedEvaluation([other]), { among: [more] }),
    ]) {
      expect(compared.difference).toBe(once.difference);
      expect(compared.coverage).toMatchObject({ compared: 36, asked: 36 });
    }
    expect(compareEvaluations(repeatedEvaluation([base]), more).warnings).toEqual([
      expect.stringMatching(/^Different number of repeats: 1 vs\. 2\. .*on the repeats that both have\.$/),
    ]);
  });
});

describe('what buys more certainty', () => {
  it('is said with the average: cases, where repeats agree', () => {
    const scores = scoresOf(20, 3, 2);
    const near = scores.map((row, index) => row.map((score) => (index % 4 === 0 ? 6 - score : score)));
    const result = repeatedEvaluation([scores, near]);
    const said =
      /Spread of the average level \(standard deviation\): ([\d.]+) between cases, ([\d.]+) between repeats of a case\. Doubling the cases would cut the interval by 29 %, doubling the repeats by (\d+) %\./;
    const text = describeEvaluation(result);
    expect(text).toMatch(said);
    expect(text).toContain('20 cases x 2 repeats, 3 turns');
    expect(Number(said.exec(text)![3])).toBeLessThan(25);
    expect(resultsTable([result])).toMatch(said);
    expect(resultsTable([result], { intervals: false })).not.toContain('Doubling');
  });

  it('is not said without repeats', () => {
    const result = repeatedEvaluation([scoresOf(20, 3, 2)]);
    expect(result.varianceComponents).toBeNull();
    expect(describeEvaluation(result)).not.toContain('Doubling');
  });

  it('says of which component the estimate was negative', () => {
    // All cases have the mean 3, their repeats 1 and 5.
    const result = repeatedEvaluation([
      [[1], [5], [1], [5]],
      [[5], [1], [5], [1]],
    ]);
    expect(describeEvaluation(result)).toContain(
      'The estimated variance of cases was below 0 and counts as 0.',
    );
  });

  it('counts votes where a judge gives several', async () => {
    const judge = fakeModel('judge', ({ seed = 0 }, { place }) =>
      verdict(1 + ((seed + Number(place?.subject.length)) % 5)),
    );
    const result = await new AloeEvaluator({
      user: fakeUser(),
      judge: holisticJudge(judge, { samples: 3 }),
      cases: benchmarkCases(6),
      turns: 2,
      repeats: 2,
      otherPersona: false,
    }).evaluate(fakeCandidate());
    expect(result.varianceComponents).toMatchObject({ votes: 3, cases: 6, repeats: 2, turns: 2 });
    expect(result.varianceComponents!.judge).toBeGreaterThan(0);
    expect(describeEvaluation(result)).toMatch(
      /between repeats of a case\. Spread of votes on a response: [\d.]+\..* doubling the votes by \d+ %\./,
    );
  });
});
