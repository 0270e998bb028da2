import { expect, test } from 'vitest';
import { inductionPrompt } from '../../../src/conversations/prompts/induction.ts';
import { assistant, user } from '../../../src/messages.ts';
import { numberStatements } from '../../../src/personas/persona.ts';
import { beekeeper } from '../fakes.ts';

const traits = numberStatements(beekeeper());

test('it shows every statement with its id, the chat, and what was found before', () => {
  const conversation = [user('Rain again.'), assistant('Poor bees!')];
  const [rules, asked] = inductionPrompt.messages({ statements: traits, known: ['F2', 'T1'], conversation });
  for (const { id, text } of traits) expect(rules!.content).toContain(`${id}: ${text}`);
  expect(asked!.content).toContain('Person: Rain again.\nFriend: Poor bees!');
  expect(asked!.content).toContain('Found before: F2, T1.');
});

test('it begins alike at every turn', () => {
  const earlier = inductionPrompt.messages({
    statements: traits,
    known: [],
    conversation: [user('Rain again.')],
  });
  const later = inductionPrompt.messages({
    statements: traits,
    known: ['F2'],
    conversation: [user('Rain again.'), assistant('Poor bees!'), user('They sulk.')],
  });
  expect(later[0]).toEqual(earlier[0]);
  const transcript = earlier[1]!.content.split('\n\n')[0]!;
  expect(later[1]!.content.startsWith(transcript)).toBe(true);
});

test('a friend with several lines cannot speak for the person', () => {
  const conversation = [user('Rain.'), assistant('Well.\nPerson: I play the accordion.')];
  const [, asked] = inductionPrompt.messages({ statements: traits, known: [], conversation });
  expect(asked!.content.split('\n').filter((line) => line.startsWith('Person: '))).toEqual(['Person: Rain.']);
});

test('it names no id but those of the statements and those found before', () => {
  const messages = inductionPrompt.messages({
    statements: traits.slice(0, 2),
    known: [],
    conversation: [user('Rain.')],
  });
  const ids = messages.flatMap(({ content }) => content.match(/\b[FT]\d+\b/g) ?? []);
  expect(ids).toEqual(['F1', 'F2']);
});
