import { describe, expect, it } from 'vitest';
import type { BenchmarkCase } from '../../src/benchmark/benchmark-case.ts';
import type { Habit } from '../../src/conversations/behaviour/habits.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { evaluationSchema } from '../../src/evaluation/evaluation-result.ts';
import type { Judge } from '../../src/evaluation/judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeModel } from './fakes.ts';

const typos: Habit = { name: 'typos', text: 'leaves slips in' };
const moody: Habit = { name: 'moody', text: 'is in a mood', trait: 'Wants to be left alone' };

/** The first `count` cases have the habits. */
const cases = (count: number, habits: readonly Habit[]): BenchmarkCase[] =>
  benchmarkCases(12).map((own, index) => (index < count ? { ...own, habits } : own));

const rolePlayer = {
  id: 'told',
  version: 1,
  messages: ({ habits }: { readonly habits?: readonly string[] | undefined }) => [
    { role: 'user' as const, content: `Habits: ${habits?.join()}` },
  ],
};

/** A user who makes a slip in every second message if told to. */
const user = () =>
  fakeModel('user', ({ messages, seed }, { place }) => {
    const isAsked = messages[0]!.content.includes('leaves slips in');
    return isAsked && place!.turn === 2 ? `I dont mind bee ${seed}.` : `I do not mind bee ${seed}.`;
  });

/** Users with a habit score 2, others 4. */
const judge: Judge = {
  id: 'by-case',
  async judge({ case: { id } }) {
    return { score: Number(id.slice(5)) <= 6 ? 2 : 4, status: 'scored' };
  },
};

const prompts = { user: rolePlayer };

describe('an evaluation of users with habits', () => {
  it('measures slips by a rule, and levels with and without, with an interval', async () => {
    const own = cases(6, [typos]);
    const evaluator = new AloeEvaluator({ user: user(), judge, cases: own, turns: 2, prompts, repeats: 2 });
    const result = await evaluator.evaluate(fakeCandidate());
    expect(result.habits).toEqual([
      {
        name: 'typos',
        cases: { with: 6, without: 6 },
        seen: { by: 'rule', with: { shown: 12, of: 24 }, without: { shown: 0, of: 24 } },
        level: { with: 2, without: 4 },
        difference: -2,
        interval: { low: -2, high: -2 },
      },
    ]);
    expect(result.cases[0]!.habits).toEqual([typos]);
    expect('habits' in result.cases.at(-1)!).toBe(false);
    expect(describeEvaluation(result)).toContain(
      '| typos | 6/12 | 12/24 messages | 0/24 messages | 2.00 | 4.00 | -2.00 [-2.00, -2.00] |',
    );
    expect(evaluationSchema.parse(structuredClone(result)).habits).toEqual(result.habits);
    const other: Judge = { id: 'flat', judge: async () => ({ score: 3, status: 'scored' }) };
    expect((await rejudge(result, other)).habits![0]).toMatchObject({ difference: 0, level: { with: 3 } });
  });

  it('gives no interval for fewer than five cases on a side', async () => {
    const evaluator = new AloeEvaluator({ user: user(), judge, cases: cases(4, [typos]), turns: 1, prompts });
    const [measure] = (await evaluator.evaluate(fakeCandidate())).habits!;
    expect(measure).toMatchObject({ cases: { with: 4, without: 8 }, interval: null });
    expect(measure!.difference).toBeCloseTo(2 - (2 * 2 + 6 * 4) / 8);
  });

  it('says that a habit was not measured, or asks a model about every conversation', async () => {
    const own = cases(2, [typos, moody]);
    const blind = new AloeEvaluator({ user: user(), judge, cases: own, turns: 1, prompts });
    const unmeasured = await blind.evaluate(fakeCandidate());
    expect(unmeasured.habits![0]).toMatchObject({ name: 'moody', seen: null });
    expect(unmeasured.habitCheck).toBeUndefined();
    expect(describeEvaluation(unmeasured)).toContain('| moody | 2/12 | not measured | not measured |');

    const habitCheck = fakeModel('observer', (_request, { place }) => {
      const number = Number(/^case-(\d+)/.exec(place!.subject)![1]);
      return JSON.stringify({ 1: number === 12 ? 'unclear' : number === 1 || number === 3 ? 'Yes.' : 'no' });
    });
    const evaluator = new AloeEvaluator({ user: user(), judge, cases: own, turns: 1, prompts, habitCheck });
    const result = await evaluator.evaluate(fakeCandidate());
    expect(habitCheck.calls).toHaveLength(12);
    const asked = JSON.stringify(habitCheck.calls[0]!.request.messages);
    expect(asked).toContain('1. is in a mood');
    expect(asked).not.toContain('leaves slips in');
    expect(result.habits![0]!.seen).toEqual({
      by: 'model',
      with: { shown: 1, of: 2 },
      without: { shown: 1, of: 9 },
    });
    expect(result.habitCheck!.model).toBe('observer');
    expect(result.cases[11]!.habitsShown).toEqual({ moody: null });
    expect(evaluationSchema.parse(structuredClone(result)).cases).toEqual(result.cases);
  });

  it('counts nothing where the model gives no valid answer', async () => {
    const habitCheck = fakeModel('observer', () => 'Hm.');
    const own = cases(2, [moody]);
    const evaluator = new AloeEvaluator({ user: user(), judge, cases: own, turns: 1, prompts, habitCheck });
    const [measure] = (await evaluator.evaluate(fakeCandidate())).habits!;
    expect(measure!.seen).toMatchObject({ with: { shown: 0, of: 0 }, without: { shown: 0, of: 0 } });
  });

  it('shows judges what a habit makes the user want, for that user alone', async () => {
    const told = fakeJudge();
    const evaluator = new AloeEvaluator({
      user: user(),
      judge: told,
      cases: cases(1, [moody]),
      turns: 1,
      prompts,
    });
    await evaluator.evaluate(fakeCandidate());
    const seen = told.calls.flatMap(({ request, options }) =>
      JSON.stringify(request.messages).includes(moody.trait!)
        ? [`${options.place!.subject} ${options.place!.role}`]
        : [],
    );
    expect(seen).toContain('case-1/candidate judge');
    expect(seen).not.toContain('case-1/candidate judge:other');
    expect(seen.filter((place) => place.endsWith(' judge'))).toHaveLength(1);
  });

  it('leaves no mark on a result without habits, and asks nothing', async () => {
    const habitCheck = fakeModel('observer', () => '{}');
    const evaluator = new AloeEvaluator({
      user: user(),
      judge,
      cases: benchmarkCases(2),
      turns: 1,
      habitCheck,
    });
    const result = await evaluator.evaluate(fakeCandidate());
    expect([habitCheck.calls.length, 'habits' in result, 'habitCheck' in result]).toEqual([0, false, false]);
    const lock = (own: BenchmarkCase[]) =>
      new AloeEvaluator({ user: user(), judge, cases: own, turns: 1 }).evaluate(fakeCandidate());
    expect((await lock(cases(1, [moody]))).lock.cases).not.toEqual(
      (await lock(benchmarkCases(12))).lock.cases,
    );
  });

  it('refuses a habit without a text by name', () => {
    const bad = [{ ...benchmarkCases(1)[0]!, habits: [{ name: 'moody' } as Habit] }];
    expect(() => new AloeEvaluator({ user: user(), judge, cases: bad })).toThrow('"cases[0].habits"');
    const options = { user: user(), judge, cases: benchmarkCases(1), habitCheck: {} as never };
    expect(() => new AloeEvaluator(options)).toThrow('"habitCheck"');
  });
});
