import { expect, test } from 'vitest';
import { responderPrompt } from '../../../src/conversations/prompts/responder.ts';
import { assistant, user } from '../../../src/messages.ts';

const conversation = [user('Rain again.'), assistant('Poor bees!'), user('They sulk.')];
const revealed = [
  { id: 'F1', text: 'Keeps eleven hives' },
  { id: 'T2', text: 'Laughs at bad puns' },
];

test('without revealed statements it contains only the conversation', () => {
  const [rules, ...rest] = responderPrompt.messages({ conversation, revealed: [] });
  expect(rules!.role).toBe('system');
  expect(rest).toEqual(conversation);
});

test('a hint comes at the very end, and everything before it is identical', () => {
  const bare = responderPrompt.messages({ conversation, revealed: [] });
  const hinted = responderPrompt.messages({ conversation, revealed });
  expect(hinted.slice(0, -1)).toEqual(bare.slice(0, -1));
  const last = hinted.at(-1)!;
  expect(last.role).toBe('user');
  expect(last.content.startsWith('They sulk.\n\n')).toBe(true);
  for (const { text } of revealed) expect(last.content).toContain(text);
  expect(last.content).not.toMatch(/F1|T2/);
});

test('it does not change the conversation', () => {
  const before = JSON.stringify(conversation);
  responderPrompt.messages({ conversation, revealed });
  expect(JSON.stringify(conversation)).toBe(before);
});
