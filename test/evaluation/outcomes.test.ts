import { describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/index.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { ContentFilterError, MalformedReplyError, ModelCallError } from '../../src/errors.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { chainOfThought } from '../../src/evaluation/baselines/chain-of-thought.ts';
import { oracle } from '../../src/evaluation/baselines/oracle.ts';
import { selfCritic } from '../../src/evaluation/baselines/self-critic.ts';
import type { Candidate } from '../../src/evaluation/candidate.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import { evaluationSchema } from '../../src/evaluation/evaluation-result.ts';
import type { Judge } from '../../src/evaluation/judge.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import type { ChatModel, FinishReason } from '../../src/models/chat-model.ts';
import { withoutReasoning } from '../../src/models/without-reasoning.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeModel, fakeUser, verdict } from './fakes.ts';

const setting = { user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(1), turns: 2 };

test.each([
  ['content-filter', 'I would rather not', 'scored'],
  ['content-filter', '', 'withheld-response'],
  ['length', 'Once upon a', 'scored'],
  ['length', '', 'no-response'],
  ['length', '<think>Let me see', 'no-response'],
  ['stop', '<think>They like bees.</think>\n', 'no-response'],
  ['stop', ' \n\u00a0', 'no-response'],
  ['stop', '\u200b\u2060\ufeff\u00ad', 'no-response'],
  ['stop', 'I cannot help with that.', 'scored'],
  ['stop', '…', 'scored'],
] as const)(
  'a candidate that ends by %s with the text "%s" is %s, and asked once',
  async (finishReason, text, status) => {
    const candidate = scriptedModel({ text, finishReason });
    const result = await new AloeEvaluator(setting).evaluate(candidate);
    expect(result.cases[0]).not.toHaveProperty('failure');
    expect(result.cases[0]!.turns.map(({ response, judgement }) => [response, judgement.status])).toEqual([
      [withoutReasoning(text), status],
      [withoutReasoning(text), status],
    ]);
    expect(candidate.calls).toHaveLength(2);
  },
);

test('a response that is cut off is judged as it stands, and said to be cut off', async () => {
  const cut = scriptedModel((_request, { place }) => ({
    text: place?.turn === 2 ? 'Once upon a' : 'Good morning.',
    finishReason: place?.turn === 2 ? 'length' : 'stop',
  }));
  const result = await new AloeEvaluator(setting).evaluate(cut);
  expect(result.cases[0]!.turns.map(({ truncated }) => truncated)).toEqual([undefined, true]);
  expect(resultsTable([result])).toContain(
    'Cut off at the token limit: 1 of 2 responses, judged as they stand.',
  );
  const again = await rejudge(result, fakeJudge());
  expect(again.cases[0]!.turns[1]!.truncated).toBe(true);
});

test('a response is cut off if it was itself, whatever the last call of its turn was', async () => {
  const ends = (draft: FinishReason, critique: FinishReason) =>
    selfCritic(
      scriptedModel((_request, { place }) =>
        place?.role === 'candidate:draft'
          ? { text: 'Once upon a', finishReason: draft }
          : { text: '', finishReason: critique },
      ),
    );
  const cutOf = async (candidate: Candidate) =>
    (await new AloeEvaluator({ ...setting, turns: 1 }).evaluate(candidate)).cases[0]!.turns[0]!.truncated;
  expect(await cutOf(ends('stop', 'length'))).toBeUndefined();
  expect(await cutOf(ends('length', 'stop'))).toBe(true);
});

test('an adaptive model that cannot infer is the model alone, and the result says so', async () => {
  const small = scriptedModel(({ outputSchema }) =>
    outputSchema === undefined ? 'Good morning.' : { text: 'Hm', finishReason: 'length' },
  );
  const result = await new AloeEvaluator(setting).evaluate({ name: 'adaptive', model: adaptive(small) });
  const why =
    'No preferences could be inferred: scripted: the preferences was cut off at 300 tokens. The reply was: "Hm". Raise inferenceTokens.';
  expect(result.cases[0]!.turns.map(({ warning }) => warning)).toEqual([why, why]);
  expect(resultsTable([result])).toContain(`- adaptive: With a warning: 2 of 2 responses. The first: ${why}`);
  expect((await rejudge(result, fakeJudge())).cases[0]!.turns[1]!.warning).toBe(why);
  expect(evaluationSchema.parse(JSON.parse(JSON.stringify(result))).cases[0]!.turns[0]!.warning).toBe(why);
});

describe('a candidate that says nothing', () => {
  const evaluate = (candidate: ChatModel | Candidate, judge: Judge | ChatModel = fakeJudge()) =>
    new AloeEvaluator({ ...setting, cases: ruleCases(benchmarkCases(1), { seed: 3 }), judge }).evaluate(
      candidate,
    );
  const withheld = scriptedModel({ text: '', finishReason: 'content-filter' });

  test.each<[string, Judge]>([
    [
      'a holistic judge',
      holisticJudge(
        fakeModel('judge', () => verdict(5)),
        { samples: 2 },
      ),
    ],
    ['a checklist judge', checklistJudge(fakeModel('judge', () => verdict(5)))],
    ['a rule judge', ruleJudge()],
    ['a panel', panelJudge([ruleJudge(), holisticJudge(fakeModel('judge', () => verdict(5)))])],
  ])('scores 1 with %s, which is not asked', async (_name, judge) => {
    const result = await evaluate(scriptedModel(''), judge);
    expect(result.cases[0]!.turns.map(({ judgement }) => judgement)).toEqual([
      { score: 1, status: 'no-response' },
      { score: 1, status: 'no-response' },
    ]);
    expect(result.levels).toMatchObject([
      { level: 1, scored: 1 },
      { level: 1, scored: 1 },
    ]);
  });

  test('scores 1 if its provider withheld the reply, also by an exception, and the user sees a placeholder', async () => {
    const throwing = fakeModel('candidate', (_request, { place }) => {
      if (place?.turn === 1) throw new ContentFilterError('candidate', 'the response');
      return 'A reply.';
    });
    const { cases } = await evaluate(throwing);
    expect(cases[0]).not.toHaveProperty('failure');
    expect(cases[0]!.turns).toMatchObject([
      { response: '', judgement: { score: 1, status: 'withheld-response' } },
      { response: 'A reply.', judgement: { status: 'scored' } },
    ]);
    expect(throwing.calls[1]!.request.messages.map(({ content }) => content)[1]).toBe('…');
  });

  test('scores 1 if it has no usable reply of its own', async () => {
    const candidate = {
      name: 'own',
      model: withheld,
      respond: () => Promise.reject(new MalformedReplyError('No valid plan.', 'Hm')),
    };
    const { cases } = await evaluate(candidate);
    expect(cases[0]!.turns[0]!.judgement).toMatchObject({ score: 1, status: 'no-response' });
    expect(cases[0]!.turns[0]!.judgement.rationale).toMatch(/^No valid plan\./);
  });

  test('is told that its token limit was too low', async () => {
    const { cases } = await evaluate(scriptedModel({ text: '', finishReason: 'length' }));
    expect(cases[0]!.turns[0]!.judgement.rationale).toMatch(/token limit .* responses\.maxOutputTokens/);
  });

  test.each([
    ['adaptive', (model: ChatModel) => adaptive(model)],
    ['self-critic', (model: ChatModel) => selfCritic(model)],
    ['chain of thought', (model: ChatModel) => chainOfThought(model)],
    ['oracle', (model: ChatModel) => oracle(model)],
  ])('is treated the same as %s', async (_name, wrap) => {
    const { cases } = await evaluate(wrap(withheld));
    expect(cases[0]!.turns.map(({ judgement: { score, status } }) => [score, status])).toEqual([
      [1, 'withheld-response'],
      [1, 'withheld-response'],
    ]);
  });

  test('keeps its status when another judge scores the conversations', async () => {
    const played = await evaluate(withheld);
    const judged = await rejudge(played, fakeJudge());
    expect(judged.cases).toEqual(played.cases);
  });

  test('still ends the case if its server fails', async () => {
    const { cases } = await evaluate(
      fakeModel('candidate', () => {
        throw new ModelCallError('candidate', 'Bad request.', { status: 400, retryable: false });
      }),
    );
    expect(cases[0]).toMatchObject({ turns: [], failure: { turn: 1, role: 'candidate' } });
  });
});

test('a simulated user whose message is withheld ends the case with that reason', async () => {
  const user = scriptedModel(({ seed }, { place }) =>
    place?.turn === 2 ? { text: '', finishReason: 'content-filter' } : `My bees did trick ${seed} today.`,
  );
  const result = await new AloeEvaluator({ ...setting, user }).evaluate(fakeCandidate());
  expect(result.cases[0]).toMatchObject({
    turns: [{ turn: 1 }],
    failure: { turn: 2, role: 'user', code: 'content-filter' },
  });
  expect(user.calls).toHaveLength(2);
});
