import { expect, test } from 'vitest';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from './fakes.ts';

const setting = { user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(1), turns: 2 };

test.each([
  ['content-filter', 'I would rather not', 'scored'],
  ['content-filter', '', 'no-response'],
  ['length', 'Once upon a', 'scored'],
  ['length', '', 'no-response'],
] as const)(
  'a candidate that ends by %s with the text "%s" is %s, and asked once',
  async (finishReason, text, status) => {
    const candidate = scriptedModel({ text, finishReason });
    const result = await new AloeEvaluator(setting).evaluate(candidate);
    expect(result.cases[0]).not.toHaveProperty('failure');
    expect(result.cases[0]!.turns.map(({ response, judgement }) => [response, judgement.status])).toEqual([
      [text, status],
      [text, status],
    ]);
    expect(candidate.calls).toHaveLength(2);
  },
);

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
