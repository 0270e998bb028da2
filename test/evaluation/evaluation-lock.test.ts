import { expect, it } from 'vitest';
import { rolePlayerPrompt } from '../../src/conversations/prompts/role-player.ts';
import { type LockedSetting, lockEvaluation } from '../../src/evaluation/evaluation-lock.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { judgeAspectsPrompt } from '../../src/evaluation/prompts/judge-aspects.ts';
import type { Prompt } from '../../src/models/prompt.ts';
import { benchmarkCases, fakeJudge, fakeUser } from './fakes.ts';

const setting: LockedSetting = {
  user: fakeUser(),
  userPrompt: rolePlayerPrompt,
  userMessages: {},
  userChecks: { attempts: 3, maxStatements: 2 },
  shownTurns: { user: Infinity, candidate: 6 },
  judge: holisticJudge(fakeJudge()),
  responses: {},
  cases: benchmarkCases(3),
  turns: 10,
  repeats: 1,
  seed: 7,
};
const lock = (change: Partial<LockedSetting> = {}) => lockEvaluation({ ...setting, ...change });

/** The prompt with one word more at the end of its last message, under its own name. */
function reworded<Variables>(prompt: Prompt<Variables>): Prompt<Variables> {
  return {
    ...prompt,
    messages: (variables) =>
      prompt.messages(variables).map((message) => ({ ...message, content: `${message.content} Please.` })),
  };
}

it('is the same for the same setting, and survives JSON', () => {
  expect(lock()).toEqual(lock());
  expect(JSON.parse(JSON.stringify(lock()))).toEqual(lock());
});

it('holds what is sent: writing the defaults out changes nothing', () => {
  expect(lock({ userMessages: { temperature: 0.8, maxOutputTokens: 300 } })).toEqual(lock());
  expect(lock().user).toMatchObject({ temperature: 0.8, maxOutputTokens: 300 });
  expect(lock().responses).toMatchObject({ temperature: null, maxOutputTokens: null });
});

it('names how users were checked, and how much was shown', () => {
  const { user, responses: response } = lock({
    userChecks: { attempts: 2, maxStatements: 1, model: fakeJudge() },
  });
  expect(user.checks).toEqual({ attempts: 2, maxStatements: 1, model: 'judge', prompt: 'user-check@1' });
  expect([user.shownTurns, response.shownTurns]).toEqual([null, 6]);
});

it('shows a prompt whose words changed under its old name', () => {
  const { user, judge } = lock();
  const other = lock({
    userPrompt: reworded(rolePlayerPrompt),
    judge: holisticJudge(fakeJudge(), { prompt: reworded(judgeAspectsPrompt) }),
  });
  expect(other.user.prompt.name).toBe(user.prompt.name);
  expect(other.user.prompt.sha256).not.toBe(user.prompt.sha256);
  expect(other.judge.id).toBe(judge.id);
  expect(other.judge.prompts[0]!.sha256).not.toBe(judge.prompts[0]!.sha256);
});

it('does not hang on the order of the cases, but on every word in them', () => {
  expect(lock({ cases: setting.cases.toReversed() })).toEqual(lock());
  const [first, ...rest] = benchmarkCases(3);
  const changed = { ...first!, persona: { ...first!.persona, profile: { id: 'x', facts: ['Keeps wasps'] } } };
  expect(lock({ cases: [changed, ...rest] }).cases.sha256).not.toBe(lock().cases.sha256);
  expect(lock({ cases: rest }).cases).not.toEqual(lock().cases);
});
