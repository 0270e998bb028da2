import { expect, test } from 'vitest';
import { rolePlayerPrompt } from '../../../src/conversations/prompts/role-player.ts';
import { assistant, user } from '../../../src/messages.ts';
import { beekeeper, beekeepers } from '../fakes.ts';

const persona = beekeeper();
const history = [user('Rain again.'), assistant('Poor bees!'), user('They sulk.'), assistant('So would I.')];

const systemOf = (variables: Partial<Parameters<typeof rolePlayerPrompt.messages>[0]> = {}) =>
  rolePlayerPrompt.messages({ persona, conversation: [], ...variables })[0]!.content;

test('it contains the whole persona in the system message and nowhere else', () => {
  const [first, ...rest] = rolePlayerPrompt.messages({ persona, conversation: [] });
  expect(first!.role).toBe('system');
  for (const text of [...persona.profile.facts, ...persona.personality.traits]) {
    expect(first!.content).toContain(text);
  }
  expect(rest).toEqual([user('Write your first message.')]);
});

test('the person chooses what to write about, whatever fact another prompt would ask for', () => {
  const variables = { persona, conversation: history };
  expect(rolePlayerPrompt.messages({ ...variables, focus: 'Sold the tractor', again: true })).toEqual(
    rolePlayerPrompt.messages(variables),
  );
});

test('the model writes the side of the user, and the other side is quoted to it', () => {
  expect(rolePlayerPrompt.messages({ persona, conversation: history }).slice(1)).toEqual([
    user('Write your first message.'),
    assistant('Rain again.'),
    user('The friend answers: Poor bees!'),
    assistant('They sulk.'),
    user('The friend answers: So would I.'),
  ]);
});

test('each request begins with the whole request before it', () => {
  const second = rolePlayerPrompt.messages({ persona, conversation: history.slice(0, 2) });
  const third = rolePlayerPrompt.messages({ persona, conversation: history });
  expect(third.slice(0, second.length)).toEqual(second);
});

test('all personas share the rules, which come first', () => {
  const [one, other] = beekeepers(2).map((each) => systemOf({ persona: each }));
  const rules = one!.slice(0, one!.indexOf('Your life\n'));
  expect(rules.length).toBeGreaterThan(1_000);
  expect(other!.startsWith(rules)).toBe(true);
});

test('what holds for one message or draft comes last, and is not heard in the next request', () => {
  const now = {
    persona,
    conversation: history.slice(0, 2),
    situation: 'on the train',
    correction: 'it held no words',
  };
  expect(rolePlayerPrompt.messages(now).at(-1)!.content).toMatch(
    /^The friend answers: Poor bees!\n\n\[.*on the train\..*\]\n\n\[.*it held no words\..*\]$/,
  );
  expect(JSON.stringify(rolePlayerPrompt.messages({ persona, conversation: history }))).not.toMatch(
    /on the train|held no words/,
  );
});

test('task, habits and former self are told where there are any, after the persona', () => {
  const former = beekeepers(2)[1]!;
  const all = systemOf({ task: 'wants a hive moved', habits: ['leaves typos in'], former });
  expect(all).toContain('The person wants a hive moved.');
  expect(all).toContain('- leaves typos in');
  expect(all).toContain('Earlier in this chat you were different');
  expect(all.startsWith(systemOf())).toBe(true);
  expect(systemOf({ habits: [] })).toBe(systemOf());
});
