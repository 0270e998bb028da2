import { expect, test } from 'vitest';
import { type ResponderVariables, responderPrompt } from '../../../src/conversations/prompts/responder.ts';
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
  expect(last.content).toContain('Laughs at bad puns');
  expect(last.content).not.toMatch(/F1|T2/);
});

/** The statements of a hint, in its order. */
function hinted(variables: ResponderVariables): string[] {
  const hint = responderPrompt.messages(variables).at(-1)!.content.split('(What you know about me: ')[1]!;
  return hint.split('. ')[0]!.split('; ');
}

test('the hint is traits, and a fact that was told in part brings nothing of its rest', () => {
  const statements = [
    { id: 'F1', text: 'Keeps eleven hives behind the barn' },
    { id: 'T1', text: 'Hates small talk' },
    { id: 'F2', text: 'Is married to a radiologist and has two toddlers' },
    { id: 'T2', text: 'Laughs at bad puns' },
  ];
  const told = [user('My wife says eleven hives behind the barn are enough.')];
  expect(hinted({ conversation: told, revealed: statements })).toEqual([
    'Hates small talk',
    'Laughs at bad puns',
  ]);
});

test('without a trait, facts are the hint, so that no pair has the same request: first of all what was told', () => {
  const hives = { id: 'F1', text: 'Keeps eleven hives behind the barn' };
  const family = { id: 'F2', text: 'Is married to a radiologist and has two toddlers' };
  const told = [user('My wife says eleven hives behind the barn are enough.')];
  expect(hinted({ conversation: told, revealed: [family, hives] })).toEqual([hives.text]);
  expect(hinted({ conversation: told, revealed: [family] })).toEqual([family.text]);
});

test('the rules that both sides share set no fixed length', () => {
  const [rules] = responderPrompt.messages({ conversation, revealed: [] });
  expect(rules!.content).not.toMatch(/\b(one|two|three|\d+) (short )?sentences?\b/);
});

test('it does not change the conversation', () => {
  const before = JSON.stringify(conversation);
  responderPrompt.messages({ conversation, revealed });
  expect(JSON.stringify(conversation)).toBe(before);
});
