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
  for (const { text } of revealed) expect(last.content).toContain(text);
  expect(last.content).not.toMatch(/F1|T2/);
});

/** The statements of a hint, in its order. */
function hinted(variables: ResponderVariables): string[] {
  const hint = responderPrompt.messages(variables).at(-1)!.content.split('(What you know about me: ')[1]!;
  return hint.split('. ')[0]!.split('; ');
}

test('traits come first, and facts that the user has told in their own words are left out', () => {
  const statements = [
    { id: 'F1', text: 'Keeps eleven hives behind the barn' },
    { id: 'F2', text: 'Has a sister in Vigo who bakes' },
    { id: 'T2', text: 'Laughs at bad puns' },
  ];
  expect(hinted({ conversation, revealed: statements })).toEqual([
    'Laughs at bad puns',
    'Keeps eleven hives behind the barn',
    'Has a sister in Vigo who bakes',
  ]);
  const told = [
    user('Eleven hives, and all of them behind the barn.'),
    assistant('Your sister in Vigo could bake for them.'),
    user('Bad puns make me laugh.'),
  ];
  expect(hinted({ conversation: told, revealed: statements })).toEqual([
    'Laughs at bad puns',
    'Has a sister in Vigo who bakes',
  ]);
});

test('facts that the user has told are the hint if nothing else is known, so that no pair has the same request', () => {
  const told = [user('Eleven hives, and all of them behind the barn.')];
  const fact = { id: 'F1', text: 'Keeps eleven hives behind the barn' };
  expect(hinted({ conversation: told, revealed: [fact] })).toEqual([fact.text]);
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
