import { describe, expect, it } from 'vitest';
import type { BenchmarkCase } from '../../src/benchmark/benchmark-case.ts';
import type { CaseSituation } from '../../src/benchmark/situation.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { oracle } from '../../src/evaluation/baselines/oracle.ts';
import { wrongPersona } from '../../src/evaluation/baselines/wrong-persona.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { evaluationSchema } from '../../src/evaluation/evaluation-result.ts';
import type { Judge } from '../../src/evaluation/judge.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeModel, fakeUser } from './fakes.ts';

const hurry = { name: 'hurry', text: 'in a hurry', trait: 'Wants one line now' };
const leisure = { name: 'leisure', text: 'at leisure', trait: 'Wants a long reply now' };
const SITUATIONS: readonly CaseSituation[] = [
  { turn: 1, ...hurry },
  { turn: 3, ...leisure },
  { turn: 5, ...hurry },
];
const inSituations = (count: number): BenchmarkCase[] =>
  benchmarkCases(count).map((own) => ({ ...own, situations: SITUATIONS }));

const rolePlayer = {
  id: 'told',
  version: 1,
  messages: ({ situation }: { readonly situation?: string | undefined }) => [
    { role: 'user' as const, content: `Situation: ${situation}` },
  ],
};
const prompts = { user: rolePlayer };

/** Scores by the turn. */
const scored = (levels: readonly number[]): Judge => ({
  id: 'scored',
  async judge({ conversation }) {
    return { score: levels[(conversation.length - 1) / 2]!, status: 'scored' };
  },
});

describe('an evaluation in situations', () => {
  it('tells the user the situation, and judges and baselines the persona as it is then', async () => {
    const user = fakeUser();
    const judge = fakeJudge();
    const told = fakeCandidate('told');
    const misled = fakeCandidate('misled');
    const cases = inSituations(2);
    const evaluator = new AloeEvaluator({ user, judge, cases, turns: 5, prompts });
    await evaluator.evaluate(oracle(told));
    await evaluator.evaluate(wrongPersona(misled, { cases }));
    const calls = [...user.calls, ...judge.calls, ...told.calls, ...misled.calls];
    // Both candidates hear the same first message.
    expect(calls).toHaveLength(2 * 2 * 5 * 4 - 2);
    for (const { request, options } of calls) {
      const text = JSON.stringify(request.messages);
      const isLeisure = options.place!.turn === 3 || options.place!.turn === 4;
      expect(text.includes('at leisure') || text.includes(leisure.trait)).toBe(isLeisure);
      expect(text.includes('in a hurry') || text.includes(hurry.trait)).toBe(!isLeisure);
    }
    const wrong = misled.calls.filter(({ options }) => options.place!.subject.startsWith('case-1/'));
    for (const { request } of wrong) expect(request.messages[0]!.content).toContain('town number 2');
  });

  it('measures the level by situation, and how fast changes are followed', async () => {
    const cases = [...inSituations(5), ...benchmarkCases(6).slice(5)];
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: scored([5, 4, 2, 4, 3]),
      cases,
      turns: 5,
      prompts,
    });
    const result = await evaluator.evaluate(fakeCandidate());
    expect(result.situations).toEqual({
      levels: [
        { name: 'hurry', cases: 5, level: 4, interval: { low: 4, high: 4 } },
        { name: 'leisure', cases: 5, level: 3, interval: { low: 3, high: 3 } },
      ],
      // From 4.5 to 2, then 4; from 3 to 3.
      following: {
        cases: 10,
        before: 3.75,
        after: [2.5, 4],
        turnsToRecover: 1,
        measured: 10,
        recovered: 10,
        medianTurns: 0.5,
      },
    });
    expect(evaluationSchema.parse(structuredClone(result)).situations).toEqual(result.situations);
    expect(result.cases[0]!.situations).toEqual(SITUATIONS);
    const text = describeEvaluation(result);
    expect(text).toContain('| leisure | 5 | 3.00 [3.00, 3.00] |');
    expect(text).toContain(
      'The situation changes 10 times. Mean level before a change: 3.75, reached again after 1 turn.',
    );
  });

  it('leaves no mark on a result without situations', async () => {
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(2),
      turns: 1,
    });
    const result = await evaluator.evaluate(fakeCandidate());
    expect('situations' in result).toBe(false);
    expect(describeEvaluation(result)).not.toContain('Situation');
  });

  it('can be checked by rules, in place of a rule of its kind, and judged again', async () => {
    const [own] = benchmarkCases(1);
    const rules = [{ kind: 'length' as const, maxWords: 5, statement: 'T2' }];
    const situations = [
      { turn: 1, ...hurry },
      { turn: 2, ...leisure, rule: { kind: 'length' as const, minWords: 8 } },
    ];
    const cases = [{ ...own!, persona: { ...own!.persona, rules }, situations }];
    const evaluator = new AloeEvaluator({ user: fakeUser(), judge: ruleJudge(), cases, turns: 2, prompts });
    const brief = fakeModel('brief', () => 'Three words here.');
    const result = await evaluator.evaluate(brief);
    expect(result.levels.map(({ level }) => level)).toEqual([5, 1]);
    expect((await rejudge(result, ruleJudge())).levels).toEqual(result.levels);
    expect(result.cases[0]!.turns[1]!.judgement.items).toEqual([{ item: leisure.trait, met: false }]);
  });

  it('keeps what was revealed of the lasting character, and forgets the wish of a situation that is over', async () => {
    const inducer = fakeModel('inducer', ({ outputSchema }, { place }) => {
      const { properties } = outputSchema!.schema as {
        properties: { revealed: { items: { enum: string[] } } };
      };
      const open = properties.revealed.items.enum;
      const wanted = place!.turn === 1 ? ['T1', 'T3'] : [];
      return JSON.stringify({ revealed: open.filter((id) => wanted.includes(id)) });
    });
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      inducer,
      cases: inSituations(1),
      turns: 3,
      prompts,
    });
    const { cases } = await evaluator.evaluate(fakeCandidate());
    expect(cases[0]!.turns.map(({ revealed }) => revealed)).toEqual([['T1', 'T3'], ['T1', 'T3'], ['T1']]);
  });

  it.each([
    ['none', []],
    ['two at a turn', [SITUATIONS[0]!, { ...SITUATIONS[1]!, turn: 1 }]],
    ['one without a trait', [{ turn: 1, name: 'hurry', text: 'in a hurry' }]],
  ])('refuses a case with %s by name', (_which, situations) => {
    const cases = [{ ...benchmarkCases(1)[0]!, situations: situations as readonly CaseSituation[] }];
    expect(() => new AloeEvaluator({ user: fakeUser(), judge: fakeJudge(), cases })).toThrow(
      '"cases[0].situations"',
    );
  });
});
