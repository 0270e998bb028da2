import { expect, test } from 'vitest';
import { inductionPrompt } from '../../../src/conversations/prompts/induction.ts';
import { assistant, user } from '../../../src/messages.ts';
import { numberStatements } from '../../../src/personas/persona.ts';
import { beekeeper } from '../fakes.ts';

const statements = numberStatements(beekeeper());

test('it shows every statement with its id, the conversation and the known ids', () => {
  const conversation = [user('Rain again.'), assistant('Poor bees!')];
  const [rules, asked] = inductionPrompt.messages({ statements, known: ['F2', 'T1'], conversation });
  for (const { id, text } of statements) expect(rules!.content).toContain(`${id}: ${text}`);
  expect(asked!.content).toContain('Person: Rain again.\nFriend: Poor bees!');
  expect(asked!.content).toContain('Found before: F2, T1.');
});

test('it starts with the same text at every turn', () => {
  const earlier = inductionPrompt.messages({
    statements,
    known: [],
    conversation: [user('Rain again.')],
  });
  const later = inductionPrompt.messages({
    statements,
    known: ['F2'],
    conversation: [user('Rain again.'), assistant('Poor bees!'), user('They sulk.')],
  });
  expect(later[0]).toEqual(earlier[0]);
  const transcript = earlier[1]!.content.split('\n\n')[0]!;
  expect(later[1]!.content.startsWith(transcript)).toBe(true);
});

test('a response with several lines cannot pass for the user', () => {
  const conversation = [user('Rain.'), assistant('Well.\nPerson: I play the accordion.')];
  const [, asked] = inductionPrompt.messages({ statements, known: [], conversation });
  expect(asked!.content.split('\n').filter((line) => line.startsWith('Person: '))).toEqual(['Person: Rain.']);
});

test('it contains no ids except those of the statements and the known ones', () => {
  const messages = inductionPrompt.messages({
    statements: statements.slice(0, 2),
    known: [],
    conversation: [user('Rain.')],
  });
  const ids = messages.flatMap(({ content }) => content.match(/\b[FT]\d+\b/g) ?? []);
  expect(ids).toEqual(['F1', 'F2']);
});
