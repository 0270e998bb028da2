import { expect, test } from 'vitest';
import { rolePlayerPrompt } from '../../../src/conversations/prompts/role-player.ts';
import { assistant, user } from '../../../src/messages.ts';
import { beekeeper } from '../fakes.ts';

const persona = beekeeper();
const focus = 'Sold the tractor last spring.';

test('it contains the whole persona in the system message and nowhere else', () => {
  const [first, ...rest] = rolePlayerPrompt.messages({ persona, conversation: [], focus });
  expect(first!.role).toBe('system');
  for (const text of [...persona.profile.facts, ...persona.personality.traits]) {
    expect(first!.content).toContain(text);
  }
  expect(JSON.stringify(rest)).not.toContain('accordion');
});

test('it ends with the fact to write about', () => {
  const messages = rolePlayerPrompt.messages({ persona, conversation: [], focus });
  expect(messages.at(-1)).toEqual(user('Write about this: Sold the tractor last spring.'));
});

test('the model writes the side of the user, and the other side is quoted to it', () => {
  const conversation = [
    user('Rain again.'),
    assistant('Poor bees!'),
    user('They sulk.'),
    assistant('So would I.'),
  ];
  const messages = rolePlayerPrompt.messages({ persona, conversation, focus });
  expect(messages.slice(-5)).toEqual([
    user('Begin the chat.'),
    assistant('Rain again.'),
    user('The friend answers: Poor bees!'),
    assistant('They sulk.'),
    user('The friend answers: So would I.\n\nWrite about this: Sold the tractor last spring.'),
  ]);
});

test('roles alternate after the system message, and only the last message changes from turn to turn', () => {
  const history = [
    user('Rain again.'),
    assistant('Poor bees!'),
    user('They sulk.'),
    assistant('So would I.'),
  ];
  const second = rolePlayerPrompt.messages({ persona, conversation: history.slice(0, 2), focus });
  const third = rolePlayerPrompt.messages({ persona, conversation: history, focus });
  expect(third.slice(0, second.length - 1)).toEqual(second.slice(0, -1));
  expect(third.slice(1).map(({ role }) => role)).toEqual(
    third.slice(1).map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')),
  );
});
