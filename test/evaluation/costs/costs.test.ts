import { describe, expect, it } from 'vitest';
import { estimateRun } from '../../../src/estimate/estimate-run.ts';
import { AloeEvaluator } from '../../../src/evaluation/aloe-evaluator.ts';
import { selfCritic } from '../../../src/evaluation/baselines/self-critic.ts';
import type { Candidate } from '../../../src/evaluation/candidate.ts';
import { compareEvaluations } from '../../../src/evaluation/compare-evaluations.ts';
import type { CostName, DecidedBy } from '../../../src/evaluation/costs/cost-measures.ts';
import { costsTable } from '../../../src/evaluation/costs/costs-table.ts';
import { falseClaims } from '../../../src/evaluation/costs/probes.ts';
import { describeEvaluation } from '../../../src/evaluation/describe/describe-evaluation.ts';
import type { EvaluationResult } from '../../../src/evaluation/evaluation-result.ts';
import { evaluationSchema } from '../../../src/evaluation/evaluation-result.ts';
import type { AloeEvaluatorOptions } from '../../../src/evaluation/evaluator-options.ts';
import { rejudge } from '../../../src/evaluation/rejudge.ts';
import { memoryRun } from '../../../src/runs/run.ts';
import type { ScriptedModel } from '../../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeJudge, fakeModel, fakeUser } from '../fakes.ts';

const cases = benchmarkCases(6);

function play(
  candidate: ScriptedModel | Candidate,
  options: Partial<AloeEvaluatorOptions> = {},
): Promise<EvaluationResult> {
  const run = memoryRun({ seed: 3 });
  const all = { run, user: fakeUser(), judge: fakeJudge(), cases, turns: 2, otherPersona: false, ...options };
  return new AloeEvaluator(all as AloeEvaluatorOptions).evaluate(candidate);
}

function costOf({ costs }: EvaluationResult, measure: CostName, by: DecidedBy = 'rules') {
  return costs.find((cost) => cost.measure === measure && cost.by === by)!;
}

const probesOf = ({ cases: played }: EvaluationResult) => played.map(({ costs }) => costs!.probes);

/** Agrees with everything, in five words, and likes the user more from turn to turn. */
const flatterer = (id = 'flatterer'): ScriptedModel =>
  fakeModel(id, (_request, { place }) =>
    place?.turn === 2 ? "Yes, that's right, I missed you so much." : "Yes, that's so right!",
  );

/** Corrects claims, and writes formal notes. */
const honest = (id = 'honest'): ScriptedModel =>
  fakeModel(id, ({ messages }) => {
    const said = messages.at(-1)!.content;
    return falseClaims.find(({ text }) => text === said)?.truth ?? 'The tap drips. Please repair it soon.';
  });

/** Answers yes if the reply begins with it. */
const costJudge = (): ScriptedModel =>
  fakeModel('cost-judge', ({ messages }) =>
    JSON.stringify({ reason: 'Read it.', answer: messages.at(-1)!.content.includes('  Yes') ? 'yes' : 'no' }),
  );

describe('what rules read off responses', () => {
  it('is always there, and costs no call', async () => {
    const candidate = flatterer();
    const result = await play(candidate);
    expect(candidate.calls).toHaveLength(12);
    expect(costOf(result, 'length')).toMatchObject({
      mean: 6,
      byTurn: [4, 8],
      trend: 4,
      cases: 6,
      decided: 12,
      undecided: 0,
    });
    expect(costOf(result, 'user-length').mean).toBe(6);
    expect(costOf(result, 'relationship')).toMatchObject({ mean: 0.5, byTurn: [0, 1], decided: 12 });
  });

  it('counts an empty response as no words, and does not decide whether it seeks a relationship', async () => {
    const result = await play(fakeModel('silent', () => ''));
    expect(costOf(result, 'length')).toMatchObject({ mean: 0, decided: 12 });
    expect(costOf(result, 'relationship')).toMatchObject({ mean: null, decided: 0, undecided: 12 });
  });
});

describe('probes', () => {
  it('tell a candidate that agrees with what is false from one that does not', async () => {
    const [yes, no] = [await play(flatterer(), { costs: true }), await play(honest(), { costs: true })];
    expect(costOf(yes, 'sycophancy')).toMatchObject({ mean: 1, interval: null, cases: 6, decided: 6 });
    expect(costOf(no, 'sycophancy')).toMatchObject({ mean: 0, interval: null, cases: 6, decided: 6 });
    expect(costOf(yes, 'misapplied').mean).toBeGreaterThan(costOf(no, 'misapplied').mean!);
  });

  it('are the same for every candidate, and others with another seed', async () => {
    const idsOf = (result: EvaluationResult) =>
      probesOf(result)
        .flat()
        .map(({ probe }) => probe);
    const options = { costs: { probesPerCase: 2 } };
    const [one, two] = [await play(flatterer(), options), await play(honest(), options)];
    expect(idsOf(one)).toHaveLength(6 * 4);
    expect(idsOf(two)).toEqual(idsOf(one));
    expect(idsOf(await play(honest(), { ...options, run: memoryRun({ seed: 4 }) }))).not.toEqual(idsOf(one));
  });

  it('come after the whole conversation, each on its own, and are no part of it', async () => {
    const candidate = flatterer();
    const result = await play(candidate, { costs: true });
    const without = await play(flatterer());
    expect(result.cases.map(({ costs: _costs, ...rest }) => rest)).toEqual(without.cases);
    expect(result.levels).toEqual(without.levels);
    const asked = candidate.calls.filter(({ options }) => options.place?.role.startsWith('probe:'));
    expect(asked).toHaveLength(12);
    for (const { request, options } of asked) {
      const { turns, costs } = result.cases.find(({ caseId }) =>
        options.place!.subject.startsWith(`${caseId}/`),
      )!;
      const spoken = turns.flatMap(({ user, response }) => [user, response]);
      const probe = costs!.probes.find(({ measure }) => options.place!.role === `probe:${measure}`)!;
      expect(request.messages.map(({ content }) => content)).toEqual([...spoken, probe.user]);
    }
  });

  it('are asked of a candidate with steps as its turns are', async () => {
    const model = flatterer();
    await play(selfCritic(model), { costs: true, cases: cases.slice(0, 1) });
    const roles = model.calls
      .map(({ options }) => options.place!.role)
      .filter((role) => role.startsWith('probe'));
    expect(roles.sort()).toEqual(
      ['misapplied', 'sycophancy'].flatMap((measure) =>
        ['answer', 'critique', 'draft'].map((step) => `probe:${measure}:${step}`),
      ),
    );
  });

  it('are not decided where the call fails or the reply is empty, and not asked in a case that broke off', async () => {
    const candidate = fakeModel('broken', (_request, { place }) => {
      if (place?.subject.startsWith('case-1/') && place.turn === 2) throw new Error('broken');
      if (place?.role === 'probe:sycophancy') throw new Error('broken');
      return place?.role === 'probe:misapplied' ? '' : 'A reply.';
    });
    const result = await play(candidate, { costs: true });
    expect(probesOf(result).map((probes) => probes.length)).toEqual([0, 2, 2, 2, 2, 2]);
    expect(probesOf(result)[1]!.map(({ response, byRules }) => [response, byRules])).toEqual([
      [null, null],
      ['', null],
    ]);
    expect(costOf(result, 'sycophancy')).toMatchObject({ mean: null, decided: 0, undecided: 5, cases: 0 });
    expect(costsTable([result])).toContain('| Agrees with a false claim | rules | 0 of 5 decided |');
  });

  it('are replayed from the journal', async () => {
    const run = memoryRun({ seed: 3 });
    const models = [flatterer(), costJudge()] as const;
    const options = () => ({ run, costs: { judge: models[1] } });
    const first = await play(models[0], options());
    const calls = models.map((model) => model.calls.length);
    // Per case: two turns and two probes; the judge is asked about each of the four.
    expect(calls).toEqual([24, 24]);
    expect(await play(models[0], options())).toEqual(first);
    expect(models.map((model) => model.calls.length)).toEqual(calls);
  });
});

describe('a judge of costs', () => {
  it('decides beside the rules, with a question per response', async () => {
    const judge = costJudge();
    const result = await play(flatterer(), { costs: { judge } });
    expect(result.costJudge).toMatchObject({ model: 'cost-judge', prompt: { name: 'judge-cost@1' } });
    for (const measure of ['relationship', 'sycophancy', 'misapplied'] as const) {
      expect(costOf(result, measure, 'judge').mean).toBe(1);
    }
    expect(costOf(result, 'relationship').mean).toBe(0.5);
    const claim = judge.calls.find(({ options }) => options.place?.role === 'judge:sycophancy')!;
    expect(claim.request.messages[0]!.content).toContain('false claim: "');
    const errand = judge.calls.find(({ options }) => options.place?.role === 'judge:misapplied')!;
    expect(errand.request.messages[0]!.content).toContain('Dry wit; Short of patience');
  });

  it('may be unsure, or fail, without ending anything', async () => {
    const judge = fakeModel('cost-judge', (_request, { place }) =>
      place?.role === 'judge:relationship' ? '{"reason": "Hm.", "answer": "Unclear."}' : 'nonsense',
    );
    const result = await play(honest(), { costs: { judge } });
    expect(costOf(result, 'relationship', 'judge')).toMatchObject({ mean: null, undecided: 12 });
    expect(costOf(result, 'sycophancy', 'judge')).toMatchObject({ mean: null, undecided: 6 });
    expect(costOf(result, 'sycophancy').mean).toBe(0);
  });

  it('needs a price under a budget in dollars, before any call', () => {
    const run = memoryRun({ budget: { usd: 1 }, prices: { user: { input: 1, output: 1 } } });
    const options = {
      run,
      user: fakeUser(),
      judge: { id: 'free', judge: async () => ({ score: 3, status: 'scored' }) },
    };
    expect(
      () => new AloeEvaluator({ ...options, cases, costs: { judge: costJudge() } } as AloeEvaluatorOptions),
    ).toThrow(/prices\["cost-judge"\]/);
  });
});

describe('in files and tables', () => {
  it('costs are kept by a file and by rejudge, and recomputed from the cases', async () => {
    const result = await play(flatterer(), { costs: { judge: costJudge() } });
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    const judged = await rejudge(result, fakeJudge());
    expect(judged.costs).toEqual(result.costs);
    expect(judged.cases.map(({ costs }) => costs)).toEqual(result.cases.map(({ costs }) => costs));
  });

  it('are a panel of their own, which says what was not measured and why', async () => {
    const plain = describeEvaluation(await play(flatterer()));
    expect(plain).toContain('| Words per response | rules | 6.0 (+4.0 a turn) |');
    expect(plain).toContain('| Seeks a relationship | rules | 50.0 % (of 12) |');
    expect(plain).toContain('| Agrees with a false claim | rules | not measured |');
    expect(plain).toContain('False claims and errands were not asked.');
    expect(plain).toContain('No judge decided on costs');
    expect(plain).not.toContain('| judge |');
    const whole = describeEvaluation(await play(flatterer(), { costs: { judge: costJudge() } }));
    expect(whole).toContain('| Agrees with a false claim | rules | 100.0 % (of 6) |');
    expect(whole).not.toContain('not measured |\n| Agrees');
    expect(whole).not.toContain('were not asked');
  });

  it('are compared where both have them, those of a judge only if it is the same', async () => {
    const judge = costJudge();
    const [first, second] = [
      await play(honest(), { costs: { judge } }),
      await play(flatterer(), { costs: { judge } }),
    ];
    const { costs } = compareEvaluations(first, second);
    const difference = (measure: CostName, by: DecidedBy = 'rules') =>
      costs.find((cost) => cost.measure === measure && cost.by === by)?.difference;
    expect(difference('sycophancy')).toBe(1);
    expect(difference('relationship')).toBe(0.5);
    expect(difference('sycophancy', 'judge')).toBe(1);
    expect(difference('length')).toBe(-1);
    const ofAnother = { ...second, costJudge: { ...second.costJudge!, model: 'another' } };
    const shared = compareEvaluations(first, ofAnother).costs;
    expect(shared.some(({ by }) => by === 'judge')).toBe(false);
    expect(shared.some(({ measure }) => measure === 'sycophancy')).toBe(true);
    const unasked = compareEvaluations(first, await play(flatterer())).costs;
    expect(unasked.map(({ measure }) => measure)).toEqual(['length', 'user-length', 'relationship']);
  });
});

it('is in the estimate, probe by probe and question by question', async () => {
  const model = fakeUser();
  const evaluation = {
    user: model,
    judge: model,
    otherPersona: false,
    cases,
    turns: 2,
    candidates: [model],
  } as const;
  const callsOf = async (costs: AloeEvaluatorOptions['costs']) =>
    (await estimateRun({ evaluation: { ...evaluation, costs } })).evaluation.low.calls;
  const played = 6 * 2 * 3;
  expect(await callsOf(false)).toBe(played);
  expect(await callsOf(true)).toBe(played + 6 * 2);
  expect(await callsOf({ judge: model, probesPerCase: 3 })).toBe(played + 6 * (6 + 6 + 2));
});

it.each([
  [{ probesPerCase: 0 }, 'costs.probesPerCase'],
  [{ probesPerCase: 99 }, 'costs.probesPerCase'],
  [{ judge: {} }, 'costs.judge'],
  [{ probes: 2 }, 'costs has no option "probes"'],
  ['yes', 'costs'],
])('refuses %j', (costs, words) => {
  const options = { user: fakeUser(), judge: fakeJudge(), cases, costs } as never;
  expect(() => new AloeEvaluator(options)).toThrow(words);
});
