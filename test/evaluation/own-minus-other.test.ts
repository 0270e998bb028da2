import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import type { BenchmarkCase } from '../../src/benchmark/benchmark-case.ts';
import { driftCases } from '../../src/benchmark/drift-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { ModelCallError } from '../../src/errors.ts';
import { estimateRun } from '../../src/estimate/estimate-run.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { oracle } from '../../src/evaluation/baselines/oracle.ts';
import type { Candidate } from '../../src/evaluation/candidate.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import type { EvaluatedCase } from '../../src/evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { evaluationSchema } from '../../src/evaluation/evaluation-result.ts';
import type { AloeEvaluatorOptions } from '../../src/evaluation/evaluator-options.ts';
import type { Judge, Judgement } from '../../src/evaluation/judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { summarize } from '../../src/evaluation/summarize.ts';
import { mean } from '../../src/metrics/mean.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { evaluationOf } from './evaluation-data.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeModel, fakeUser, verdict } from './fakes.ts';

const cases = benchmarkCases(12);

function play(
  candidate: Candidate | ReturnType<typeof fakeCandidate>,
  options: Partial<AloeEvaluatorOptions> = {},
): Promise<EvaluationResult> {
  const run = memoryRun({ seed: 3 });
  const all = { run, user: fakeUser(), judge: fakeJudge(), cases, turns: 2, ...options };
  return new AloeEvaluator(all).evaluate(candidate);
}

const othersOf = (result: EvaluationResult) => result.cases.map(({ otherCase }) => otherCase);

/** Gives 5 if the response names the persona's town, else 2. */
const townJudge: Judge = {
  id: 'town',
  judge: async ({ case: { persona }, response }) => ({
    score: response.includes(persona.profile.facts[0]!) ? 5 : 2,
    status: 'scored',
  }),
};
const tellTown: Candidate = {
  name: 'tells the town',
  model: fakeModel('echo', ({ messages }) => messages.at(-1)!.content),
  messages: (_conversation, { persona }) => [{ role: 'user', content: persona.profile.facts[0]! }],
};

describe('own minus other', () => {
  it('has the same others if cases are added at the end', async () => {
    const [few, more] = [await play(tellTown, { cases: cases.slice(0, 5) }), await play(tellTown)];
    expect(othersOf(more).slice(0, 5)).toEqual(othersOf(few));
    expect(new Set(othersOf(more)).size).toBeGreaterThan(3);
  });

  it('is high for responses that suit their user only, and 0 for responses that suit anybody', async () => {
    const personal = await play(tellTown, { judge: townJudge });
    expect(personal.ownMinusOther).toMatchObject({ difference: 3, cases: 12, slope: { difference: 0 } });
    expect(personal.ownMinusOther!.byTurn).toEqual(
      [1, 2].map((turn) => ({ turn, other: 2, difference: 3, interval: null, cases: 12 })),
    );
    const generic = await play(fakeCandidate(), { judge: townJudge });
    expect(generic.ownMinusOther).toMatchObject({ difference: 0, interval: null });
    expect(generic.average).toBe(2);
  });

  it('shows the judge the same conversation and response with the other persona', async () => {
    const judge = fakeJudge();
    const result = await play(fakeCandidate(), { judge, cases: cases.slice(0, 3) });
    for (const { caseId, otherCase, turns } of result.cases) {
      for (const { turn, response } of turns) {
        const calls = judge.calls.filter(
          ({ options: { place } }) => place?.subject.startsWith(`${caseId}/`) && place.turn === turn,
        );
        expect(calls.map(({ options }) => options.place?.role).sort()).toEqual(['judge', 'judge:other']);
        expect(new Set(calls.map(({ request }) => request.seed)).size).toBe(2);
        const [own, other] = [caseId, otherCase].map(
          (id) => cases.find((each) => each.id === id)!.persona.profile.facts[0]!,
        );
        const texts = calls.map(({ request }) => JSON.stringify(request.messages));
        expect(texts.every((text) => text.includes(response))).toBe(true);
        expect(texts.filter((text) => text.includes(own!))).toHaveLength(1);
        expect(texts.filter((text) => text.includes(other!))).toHaveLength(1);
        expect(own).not.toBe(other);
      }
    }
  });

  it('asks for both judgements at the same time', async () => {
    let both = (): void => {};
    const asked = new Set<string>();
    const twoAsked = new Promise<void>((resolve) => {
      both = resolve;
    });
    const judge = fakeModel('judge', async (_request, { place }) => {
      asked.add(place!.role);
      if (asked.size === 2) both();
      await twoAsked;
      return verdict(3);
    });
    const { ownMinusOther } = await play(fakeCandidate(), { judge, cases: cases.slice(0, 2), turns: 1 });
    expect(ownMinusOther?.difference).toBe(0);
  });

  it('leaves the user’s own judgements as they are', async () => {
    const bare = await play(fakeCandidate(), { otherPersona: false });
    const both = await play(fakeCandidate());
    expect(both.cases.map(({ turns }) => turns.map(({ judgement }) => judgement))).toEqual(
      bare.cases.map(({ turns }) => turns.map(({ judgement }) => judgement)),
    );
    expect(both.statistics).toEqual(bare.statistics);
  });

  it('counts only responses with both scores', async () => {
    const judge = fakeModel('judge', (_request, { place }) =>
      place?.role === 'judge:other' && place.turn === 2 ? 'nonsense' : verdict(4),
    );
    const result = await play(fakeCandidate(), { judge });
    const { ownMinusOther, levels } = result;
    expect(levels.map(({ scored }) => scored)).toEqual([12, 12]);
    expect(ownMinusOther).toMatchObject({
      difference: 0,
      byTurn: [
        { other: 4, difference: 0, cases: 12 },
        { other: null, difference: null, cases: 0 },
      ],
    });
    expect(describeEvaluation(result)).toContain(
      'Not scored for another persona: 12 of 24 responses (malformed-verdict 12). Own minus other rests on the other 12 at most.',
    );
  });

  it('works with a panel and with rules', async () => {
    const judge = panelJudge([ruleJudge(), ruleJudge()]);
    const result = await play(fakeCandidate(), { judge, cases: ruleCases(cases, { seed: 3 }) });
    expect(result.ownMinusOther?.cases).toBe(12);
    expect(result.cases[0]!.turns[0]!.otherJudgement!.votes).toHaveLength(2);
  });
});

describe('the other persona', () => {
  it('is drawn by seed, the same for every candidate, and shares neither profile nor personality', async () => {
    const [one, two] = [await play(fakeCandidate('one')), await play(fakeCandidate('two'))];
    expect(othersOf(one)).toEqual(othersOf(two));
    const elsewhere = await play(fakeCandidate(), { run: memoryRun({ seed: 4 }) });
    expect(othersOf(elsewhere)).not.toEqual(othersOf(one));
    const crossed = cases.slice(0, 3).flatMap(({ persona: { profile } }, index) =>
      cases.slice(0, 3).map(({ persona: { personality } }, place) => ({
        id: `${index}-${place}`,
        persona: pairPersona(profile, personality),
      })),
    );
    for (const { caseId, otherCase } of (await play(fakeCandidate(), { cases: crossed })).cases) {
      const [own, other] = [caseId.split('-'), otherCase!.split('-')];
      expect(own[0]).not.toBe(other[0]);
      expect(own[1]).not.toBe(other[1]);
    }
  });

  it('wants the opposite if asked for', async () => {
    const opposed = ruleCases(aloeCases().slice(0, 12));
    const judge = ruleJudge();
    const any = await play(oracle(fakeCandidate()), { judge, cases: opposed });
    const opposite = await play(oracle(fakeCandidate()), { judge, cases: opposed, otherPersona: 'opposite' });
    const partners = opposed.map((_, index) => opposed[index % 2 === 0 ? index + 1 : index - 1]!.id);
    expect(othersOf(opposite)).toEqual(partners);
    expect(othersOf(any)).not.toEqual(partners);
  });

  it('cannot be the opposite where no persona has rules, also of a result, before any call', async () => {
    const user = fakeUser();
    const options = { user, judge: fakeJudge(), cases, otherPersona: 'opposite' } as const;
    const message = /"otherPersona": expected .* since no case has rules, got "opposite"\. .*ruleCases/;
    expect(() => new AloeEvaluator(options)).toThrow(message);
    expect(user.calls).toHaveLength(0);
    const result = await play(fakeCandidate(), { cases: cases.slice(0, 3), otherPersona: false });
    const judge = fakeJudge();
    await expect(rejudge(result, judge, { otherPersona: 'opposite' })).rejects.toThrow(message);
    expect(judge.calls).toHaveLength(0);
  });

  it('that is the opposite is nobody for a case that no rule contradicts', async () => {
    const [first, second, third] = ruleCases(aloeCases().slice(0, 3), { perPersona: 1, kinds: ['emoji'] });
    const plain = { ...third!, persona: aloeCases()[2]!.persona };
    const result = await play(fakeCandidate(), { cases: [first!, second!, plain], otherPersona: 'opposite' });
    expect(othersOf(result)).toEqual([second!.id, first!.id, undefined]);
    expect(result.ownMinusOther!.cases).toBe(2);
    const alone = await play(fakeCandidate(), { cases: [first!, plain], otherPersona: 'opposite' });
    expect(describeEvaluation(alone)).toContain(
      'Own minus other: not measured, since no case has another with contrary rules, a different profile and a different personality.',
    );
  });

  it('stays when the user changes, and is neither the user before nor after', async () => {
    const drifted = driftCases(cases, { turn: 2, seed: 1 });
    const seen: string[] = [];
    const judge: Judge = {
      id: 'watching',
      async judge({ case: { id, persona } }) {
        seen.push(`${id} ${persona.id}`);
        return { score: 3, status: 'scored' };
      },
    };
    const result = await play(fakeCandidate(), { judge, cases: drifted, turns: 3 });
    const byId = new Map(drifted.map((each) => [each.id, each]));
    for (const { otherCase, persona, drift } of result.cases) {
      const other = byId.get(otherCase!)!.persona;
      expect([persona.personality.id, drift!.persona.personality.id]).not.toContain(other.personality.id);
      expect(seen.filter((text) => text === `${otherCase} ${other.id}`).length).toBeGreaterThanOrEqual(3);
    }
  });

  it('is asked about in the judge’s check of cases, before any call', () => {
    const user = fakeUser();
    const [plain, ...rules] = [cases[0]!, ...ruleCases(cases.slice(1))];
    const options = { user, judge: ruleJudge(), cases: [...rules, plain] };
    expect(() => new AloeEvaluator(options)).toThrow('"cases"');
    expect(user.calls).toHaveLength(0);
  });

  it.each(['some', true, null])('cannot be %s', (otherPersona) => {
    const options = { user: fakeUser(), judge: fakeJudge(), cases, otherPersona } as never;
    expect(() => new AloeEvaluator(options)).toThrow('"otherPersona"');
  });
});

describe('own minus other is not measured', () => {
  const why = (result: EvaluationResult) => /Own minus other: (.*)/.exec(describeEvaluation(result))![1];

  it('when switched off, and this costs no call', async () => {
    const judge = fakeJudge();
    const result = await play(fakeCandidate(), { judge, otherPersona: false });
    expect(judge.calls).toHaveLength(24);
    expect(result).toMatchObject({ otherPersona: null, ownMinusOther: null });
    expect(othersOf(result).every((other) => other === undefined)).toBe(true);
    expect(why(result)).toBe('not measured, since the responses were not judged for another persona.');
    expect(resultsTable([result])).toContain('| not measured |');
  });

  it('when no case has another with a profile and a personality of its own', async () => {
    const alike = (count: number): BenchmarkCase[] =>
      cases.slice(0, count).map(({ id, persona }) => ({
        id,
        persona: pairPersona(persona.profile, cases[0]!.persona.personality),
      }));
    for (const count of [1, 4]) {
      const result = await play(fakeCandidate(), { cases: alike(count) });
      expect(result).toMatchObject({ otherPersona: 'any', ownMinusOther: null });
      expect(why(result)).toBe(
        'not measured, since no case has another with a different profile and a different personality.',
      );
    }
  });

  it('when the candidate has not answered at all', async () => {
    const model = fakeModel('m', () => {
      throw new ModelCallError('m', 'down', { status: 400, retryable: false });
    });
    const result = await play({ name: 'down', model });
    expect(othersOf(result)).not.toContain(undefined);
    expect(why(result)).toBe('not measured, since there is no response to judge.');
  });

  it('in a file of version 2', () => {
    const { otherPersona: _added, ownMinusOther: _too, ...rest } = evaluationOf([[1, 2]]);
    const { improvementRate, normalizedImprovementRate, lock, ...same } = rest;
    const { responses, ...locked } = lock;
    const { maxStatements, ...checks } = lock.user.checks;
    const former = {
      ...same,
      schema: 'aloe-evaluation/2',
      improvement: improvementRate,
      normalizedImprovement: normalizedImprovementRate,
      lock: {
        ...locked,
        response: responses,
        user: { ...lock.user, checks: { ...checks, mostTold: maxStatements } },
      },
    };
    expect(evaluationSchema.parse(former)).toMatchObject({ otherPersona: null, ownMinusOther: null });
  });
});

describe('rejudge', () => {
  it('judges again for both personas, and gives the same result with the same judge', async () => {
    const played = await play(tellTown, { judge: townJudge });
    expect(await rejudge(played, townJudge)).toEqual(played);
    const judged = await rejudge(
      played,
      fakeModel('strict', () => verdict(2)),
    );
    expect(judged.ownMinusOther).toMatchObject({ difference: 0, cases: 12 });
    expect(othersOf(judged)).toEqual(othersOf(played));
  });

  it('measures a result that was not, against the others that the evaluator would have drawn', async () => {
    const without = await play(tellTown, { judge: townJudge, otherPersona: false });
    expect((await rejudge(without, townJudge)).ownMinusOther).toBeNull();
    const played = await play(tellTown, { judge: townJudge });
    expect(await rejudge(without, townJudge, { otherPersona: 'any' })).toEqual(played);
    expect(await rejudge(played, townJudge, { otherPersona: false })).toEqual(without);
  });

  it('refuses an option it does not have', async () => {
    const played = await play(fakeCandidate());
    await expect(rejudge(played, townJudge, { otherPersonas: 'any' } as never)).rejects.toThrow(
      'Did you mean "otherPersona"',
    );
  });
});

/** A result with these own scores and scores for the other persona, one turn per case. */
function scoredTwice(scores: readonly (readonly [own: number, other: number])[]): EvaluationResult {
  const plain = evaluationOf(scores.map(([own]) => [own]));
  const judged = plain.cases.map(
    (played, index): EvaluatedCase => ({
      ...played,
      otherCase: plain.cases.at(index - 1)!.caseId,
      turns: played.turns.map((turn) => ({
        ...turn,
        otherJudgement: { score: scores[index]![1], status: 'scored' },
      })),
    }),
  );
  return { ...plain, otherPersona: 'any', cases: judged, ...summarize(judged, plain.lock) };
}

const gains = (...points: number[]) =>
  scoredTwice(points.map((gain) => [3 + Math.max(0, gain), 3 - Math.min(0, gain)]));

it('counts the members of a panel that voted on both sides only', () => {
  const vote = (judge: string, score: number | null) =>
    score === null
      ? { judge, score, status: 'judge-failed' as const }
      : { judge, score, status: 'scored' as const };
  // As a judge of one's own may combine votes, and panels of earlier versions did.
  const panel = (lenient: number | null, strict: number | null): Judgement => ({
    score: mean([lenient, strict]),
    status: 'scored',
    votes: [vote('lenient', lenient), vote('strict', strict)],
  });
  const plain = scoredTwice(Array.from({ length: 6 }, () => [3, 3] as const));
  const judgedBy = (own: Judgement, other: Judgement) => {
    const cases = plain.cases.map((played) => ({
      ...played,
      turns: played.turns.map((turn) => ({ ...turn, judgement: own, otherJudgement: other })),
    }));
    return summarize(cases, plain.lock).ownMinusOther!.difference;
  };
  expect(judgedBy(panel(5, 1), panel(4, 1))).toBe(0.5);
  // The strict member failed on one side. Its absence is no gain.
  expect(judgedBy(panel(5, null), panel(4, 1))).toBe(1);
  expect(judgedBy(panel(5, null), panel(null, 1))).toBeNull();
});

describe('the words', () => {
  it.each([
    [gains(1, 2, 1, 2, 1, 2), /other: 1\.50 \[.*\] points \(6 cases\).* The level is personal: /],
    [gains(1, -1, 1, -1, 0, 0), /other: 0\.00 \[.*\] points .* The level is not shown to be personal/],
    [gains(-1, -2, -1, -2, -1, -2), /other: -1\.50 \[.*\].* suit other personas better than their own\./],
    [gains(1, 2, 1), /other: 1\.33 points \(3 cases\)\. Too few cases to say/],
  ])('say what the interval allows (%#)', (result, words) => {
    expect(describeEvaluation(result)).toMatch(words);
  });

  it('are in the results table with the interval', () => {
    const { low, high } = gains(1, 2, 1, 2, 1, 2).ownMinusOther!.interval!;
    expect(resultsTable([gains(1, 2, 1, 2, 1, 2)])).toContain(
      `| 1.50 [${low.toFixed(2)}, ${high.toFixed(2)}] |`,
    );
  });
});

describe('a comparison', () => {
  const [weak, strong] = [gains(0, 1, 0, 1, 0, 1), gains(1, 2, 1, 2, 1, 2)];

  it('has the difference in own minus other with interval and p', () => {
    const { ownMinusOther } = compareEvaluations(weak, strong);
    expect(ownMinusOther).toMatchObject({ difference: 1, interval: null, cases: 6 });
    expect(ownMinusOther!.pValue).toBeLessThan(0.05);
    expect(compareEvaluations(strong, weak).ownMinusOther!.difference).toBe(-1);
  });

  it('counts only cases that were held against the same other persona', () => {
    const [first, second, ...rest] = strong.cases;
    const swapped = [{ ...first!, otherCase: second!.caseId }, second!, ...rest];
    const changed = { ...strong, cases: swapped };
    expect(compareEvaluations(weak, changed).ownMinusOther!.cases).toBe(5);
    const warning =
      'Different other personas in 1 of 6 cases: own minus other of the two is not comparable. Their difference rests on the other 5 cases.';
    expect(compareEvaluations(weak, changed).warnings).toEqual([warning]);
    expect(compareEvaluations(weak, strong).warnings).toEqual([]);
    expect(resultsTable([weak, changed])).toContain(`vs. the first row: ${warning}`);
  });

  it('has none if a side was not measured', () => {
    expect(compareEvaluations(weak, evaluationOf(strong.cases.map(() => [4]))).ownMinusOther).toBeNull();
  });
});

it('is in the estimate of crossed cases too, whose evenly spaced ones share a personality', async () => {
  const [profiles, personalities] = [benchmarkCases(20), benchmarkCases(5)];
  const crossed = profiles.flatMap(({ persona: { profile } }, index) =>
    personalities.map(({ persona: { personality } }, place) => ({
      id: `${index}-${place}`,
      persona: pairPersona(profile, personality),
    })),
  );
  const model = fakeUser();
  const plan = { user: model, judge: model, cases: crossed, turns: 2, candidates: [model] };
  const calls = async (otherPersona?: false) =>
    (await estimateRun({ evaluation: { ...plan, otherPersona } })).evaluation.low.calls;
  expect(await calls()).toBe(100 * 2 * 4);
  expect(await calls(false)).toBe(100 * 2 * 3);
});
