import { expect, test } from 'vitest';
import { steeredRolePlayerPrompt } from '../../../src/conversations/prompts/steered-role-player.ts';
import { canonicalJson, sha256 } from '../../../src/internal/hash.ts';
import { assistant, user } from '../../../src/messages.ts';
import { beekeeper } from '../fakes.ts';

const persona = beekeeper();
const focus = 'Sold the tractor last spring.';
const history = [user('Rain again.'), assistant('Poor bees!'), user('They sulk.'), assistant('So would I.')];

test('it contains the whole persona in the system message and nowhere else', () => {
  const [first, ...rest] = steeredRolePlayerPrompt.messages({ persona, conversation: [], focus });
  expect(first!.role).toBe('system');
  for (const text of [...persona.profile.facts, ...persona.personality.traits]) {
    expect(first!.content).toContain(text);
  }
  expect(JSON.stringify(rest)).not.toContain('accordion');
});

test('it ends with the fact to write about', () => {
  const messages = steeredRolePlayerPrompt.messages({ persona, conversation: [], focus });
  expect(messages.at(-1)).toEqual(user('Write about this: Sold the tractor last spring.'));
});

test('the model writes the side of the user, and the other side is quoted to it', () => {
  const messages = steeredRolePlayerPrompt.messages({ persona, conversation: history, focus });
  expect(messages.slice(-5)).toEqual([
    user('Begin the chat.'),
    assistant('Rain again.'),
    user('The friend answers: Poor bees!'),
    assistant('They sulk.'),
    user('The friend answers: So would I.\n\nWrite about this: Sold the tractor last spring.'),
  ]);
});

test('roles alternate after the system message, and only the last message changes from turn to turn', () => {
  const second = steeredRolePlayerPrompt.messages({ persona, conversation: history.slice(0, 2), focus });
  const third = steeredRolePlayerPrompt.messages({ persona, conversation: history, focus });
  expect(third.slice(0, second.length - 1)).toEqual(second.slice(0, -1));
  expect(third.slice(1).map(({ role }) => role)).toEqual(
    third.slice(1).map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')),
  );
});

test('its words are those of role-player@2', () => {
  const variables = { persona, focus };
  const messages = [
    steeredRolePlayerPrompt.messages({ ...variables, conversation: [] }),
    steeredRolePlayerPrompt.messages({ ...variables, conversation: history }),
    steeredRolePlayerPrompt.messages({
      ...variables,
      conversation: history,
      again: true,
      former: persona,
      correction: 'Too long.',
    }),
  ];
  expect(sha256(canonicalJson(messages))).toBe(
    'b9921a5f62bd29f91c3baa1a978a5cbf85a5bf759b3ee9534c2d0327eb2e30c9',
  );
});

test('without a fact it asks for the next message all the same', () => {
  expect(steeredRolePlayerPrompt.messages({ persona, conversation: [] }).at(-1)).toEqual(
    user('Begin the chat.'),
  );
});

test('task, habits and situation are told where there are any', () => {
  const variables = {
    persona,
    conversation: history,
    focus,
    task: 'wants a hive moved',
    habits: ['leaves typos in'],
    situation: 'on the train',
  };
  const messages = steeredRolePlayerPrompt.messages(variables);
  expect(messages[0]!.content).toContain('In this chat the person wants a hive moved.');
  expect(messages[0]!.content).toContain('leaves typos in');
  expect(messages.at(-1)!.content).toContain('on the train');
});
