import { describe, expect, it } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import { type EvaluationResult, evaluationSchema } from '../../src/evaluation/evaluation-result.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import type { EvaluationRole } from '../../src/evaluation/served-by-role.ts';
import type { ServedIdentity } from '../../src/models/chat-model.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { type ScriptedModel, scriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeCandidate, fakeUser, verdict } from './fakes.ts';

const OLD = 'gpt-4o-2024-08-06';
const NEW = 'gpt-4o-2024-11-20';

/** A model called gpt-4o that gives one answer, and what it says of itself call by call. */
function hosted(text: string, ...served: (ServedIdentity | undefined)[]): ScriptedModel {
  return scriptedModel((_request, _options, call) => ({ text, served: served[call % served.length] }), {
    id: 'gpt-4o',
  });
}

const judgeOf = (score: number, ...served: (ServedIdentity | undefined)[]) =>
  hosted(verdict(score), ...served);

const userOf = (served: ServedIdentity | undefined) =>
  scriptedModel((_request, _options, call) => ({ text: `My bees did trick ${call} today.`, served }), {
    id: 'gpt-4o',
  });

function evaluate(judge: ScriptedModel, options: object = {}): Promise<EvaluationResult> {
  return new AloeEvaluator({
    user: fakeUser(),
    judge,
    cases: benchmarkCases(2),
    turns: 2,
    otherPersona: false,
    ...options,
  }) //
    .evaluate(fakeCandidate());
}

describe('one name that stood for two judges', () => {
  it('is warned of in the comparison, below the table and in the report', async () => {
    const first = await evaluate(judgeOf(2, { model: OLD }));
    const second = await evaluate(judgeOf(4, { model: NEW }));
    const { difference, warnings } = compareEvaluations(first, second);
    expect(difference).toBe(2);
    const sentence = `Different model behind the judge: ${OLD} vs. ${NEW}. `;
    expect(warnings).toEqual([
      expect.stringContaining(`${sentence}The same name stood for different models`),
    ]);
    expect(resultsTable([first, second])).toContain(
      `vs. the first row: Different model behind the judge: ${NEW} vs. ${OLD}. `,
    );
    const page = renderReport({
      evaluations: [first, { ...second, candidate: { ...second.candidate, name: 'higher' } }],
    });
    expect(page).toContain(`candidate and higher: ${sentence}`);
    expect(page).toContain('their scores are not comparable (different model behind the judge)');
  });

  it('is warned of where it changed in the course of one evaluation, once in a report', async () => {
    const stable = await evaluate(judgeOf(3, { model: OLD }));
    const torn = await evaluate(judgeOf(3, { model: OLD }, { model: NEW }));
    const change = `the judge changed during the evaluation. "gpt-4o" stood for ${OLD} (2 answers), ${NEW} (2 answers).`;
    expect(describeEvaluation(torn)).toContain(change);
    expect(compareEvaluations(torn, { ...torn }).warnings).toContainEqual(expect.stringContaining(change));
    const page = renderReport({ evaluations: [torn, { ...stable, average: 5 }] });
    expect(page.split('changed during the evaluation').length - 1).toBe(1);
  });

  it('is a difference of users too', async () => {
    const judge = ruleJudge();
    const play = (served: ServedIdentity | undefined) =>
      evaluate(judgeOf(3), { user: userOf(served), judge, cases: ruledCases() });
    const [first, second, silent] = [await play({ model: OLD }), await play({ model: NEW }), await play({})];
    expect(compareEvaluations(first, second).warnings).toEqual([
      expect.stringMatching(
        /^Different model behind the simulated user: .* neither scores nor conversations/,
      ),
    ]);
    expect(compareEvaluations(first, silent).warnings).toEqual([]);
  });
});

const ruledCases = () =>
  benchmarkCases(2).map(({ id, persona }) => ({
    id,
    persona: { ...persona, rules: [{ kind: 'length' as const, statement: 'T2', maxWords: 90 }] },
  }));

it('warns where one model answered for two candidates, whatever their names', async () => {
  const play = (id: string, model: string) =>
    new AloeEvaluator({
      user: fakeUser(),
      judge: judgeOf(3, { model: OLD }),
      cases: benchmarkCases(2),
      turns: 1,
    }) //
      .evaluate(scriptedModel({ text: 'Hello.', served: { model } }, { id }));
  const [base, tuned, again, dated] = await Promise.all([
    play('base', 'loaded'),
    play('tuned', 'loaded'),
    play('tuned@r2', 'loaded'),
    play('dated', 'dated-2'),
  ]);
  expect(compareEvaluations(base!, tuned!).warnings).toEqual([
    'The same model answered for both candidates, as their servers report it: loaded, asked for as "base" and as "tuned".',
  ]);
  // The revision is the user's word, which a server does not know.
  expect(compareEvaluations(tuned!, again!).warnings).toEqual([]);
  expect(compareEvaluations(base!, dated!).warnings).toEqual([]);
});

it('does not warn of fingerprints, but counts them', async () => {
  const served = ['a', 'b', 'a'].map((fingerprint) => ({ model: OLD, fingerprint: `fp_${fingerprint}` }));
  const first = await evaluate(judgeOf(3, ...served));
  const second = await evaluate(judgeOf(3, served[1]));
  expect(compareEvaluations(first, second).warnings).toEqual([]);
  expect(first.served?.judge).toEqual([
    { id: 'gpt-4o', model: OLD, fingerprint: 'fp_a', answers: 3 },
    { id: 'gpt-4o', model: OLD, fingerprint: 'fp_b', answers: 1 },
  ]);
  expect(first.lock).toEqual(second.lock);
  expect(describeEvaluation(first)).toContain(`judge ${OLD} (4 answers, 2 fingerprints)`);
  expect(renderReport({ evaluations: [first] })).toContain('fp_a (3), fp_b (1)');
});

it('says in the settings what a server does not report, and does not warn of it', async () => {
  const known = await evaluate(judgeOf(3, { model: OLD }));
  const unknown = await evaluate(judgeOf(3, undefined));
  expect(compareEvaluations(known, unknown).warnings).toEqual([]);
  expect(unknown.lock.judge.served).toEqual([{ id: 'gpt-4o', model: null }]);
  expect(describeEvaluation(unknown)).toContain('No server said which model answered.');
  expect(describeEvaluation(known)).toContain('simulated user not reported (4 answers); judge gpt-4o-');
  const { served: _served, ...former } = unknown;
  expect(renderReport({ evaluations: [former] })).toContain('not recorded by the version that evaluated it');
});

it('keeps one entry per role, replayed answers included, through a saved file', async () => {
  const run = memoryRun();
  const options = {
    run,
    inducer: scriptedModel({ text: '{"revealed": []}', served: { model: 'i-1' } }, { id: 'inducer' }),
    userChecks: {
      model: scriptedModel({ text: '{"contradicts": []}', served: { model: 'c-1' } }, { id: 'checker' }),
    },
    costs: {
      judge: scriptedModel(
        { text: '{"reason": "no", "answer": "no"}', served: { model: 'k-1' } },
        { id: 'costs' },
      ),
    },
  };
  const judge = judgeOf(3, { model: OLD });
  const first = await evaluate(judge, options);
  expect(await evaluate(judge, options)).toEqual(first);
  expect(run.stats().replayed).toBeGreaterThan(0);
  const names = (role: EvaluationRole) => first.served?.[role]?.map(({ model }) => model);
  expect([names('judge'), names('inducer'), names('checker'), names('costJudge')]).toEqual([
    [OLD],
    ['i-1'],
    ['c-1'],
    ['k-1'],
  ]);
  // Two cases of two turns, and two probes each.
  expect(first.served?.costJudge?.map(({ answers }) => answers)).toEqual([8]);
  expect(first.served?.candidate).toEqual([{ id: 'candidate', model: null, fingerprint: null, answers: 8 }]);
  expect(evaluationSchema.parse(JSON.parse(JSON.stringify(first)))).toEqual(first);
});

it('looks into a candidate that calls other models', async () => {
  const base = scriptedModel({ text: '{"preferences": []}', served: { model: 'base-1' } }, { id: 'base' });
  const result = await new AloeEvaluator({
    user: fakeUser(),
    judge: judgeOf(3, { model: OLD }),
    cases: benchmarkCases(1),
    turns: 1,
  }).evaluate(adaptive(base));
  expect(result.served?.candidate).toEqual([{ id: 'base', model: 'base-1', fingerprint: null, answers: 2 }]);
});

it('rejudge records who judged this time, and keeps who played', async () => {
  const user = userOf({ model: OLD });
  const played = await evaluate(judgeOf(2, { model: OLD }), { user });
  const judged = await rejudge(played, judgeOf(4, { model: NEW }));
  expect(judged.lock.user.served).toEqual([{ id: 'gpt-4o', model: OLD }]);
  expect(judged.lock.judge.served).toEqual([{ id: 'gpt-4o', model: NEW }]);
  expect(judged.served).toMatchObject({ user: played.served?.user, judge: [{ model: NEW, answers: 4 }] });
});

it('shows foreign words as text', async () => {
  const model = '<img src=x onerror=alert(1)> | **bold**';
  const result = await evaluate(judgeOf(3, { model }, { model: 'other' }));
  expect(describeEvaluation(result)).not.toMatch(/[^\\]<img/);
  expect(renderReport({ evaluations: [result] })).not.toContain('<img src=x onerror');
});
