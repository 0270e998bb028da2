import { expect, test } from 'vitest';
import { withoutGivenTexts } from '../../../src/conversations/user-checks/given-texts.ts';
import { assistant, type Message, user } from '../../../src/messages.ts';

const persona = { facts: ['Keeps forty hives on a hill above the old harbour.'] };
const RULES = 'Write as this person does. Take in the reply before you go on. '.repeat(40);
const text = `${RULES}\n${persona.facts[0]}\nSay something about the weather, too.`;
const conversations: readonly (readonly Message[])[] = [
  [],
  [user('Take in the reply before you go on.'), assistant('Say something about the weather')],
  [user('Nothing of it.')],
  [assistant('Say something about the weather')],
];

test('what is remembered of a long text does not depend on the conversations before', () => {
  const again = [...conversations, ...conversations.toReversed()];
  const remembered = again.map((conversation) => withoutGivenTexts([text], { persona, conversation }));
  const anew = again.map((conversation) =>
    withoutGivenTexts([text], { persona: structuredClone(persona), conversation }),
  );
  expect(remembered).toEqual(anew);
  expect(new Set(remembered.flat()).size).toBe(3);
});

test('the texts of the persona and of the conversation are cut out, and nothing else', () => {
  expect(withoutGivenTexts([text], { persona, conversation: [] })).toEqual([
    `${RULES}\n\n\nSay something about the weather, too.`,
  ]);
  expect(
    withoutGivenTexts(['The friend answers: Nothing of it.'], { conversation: conversations[2] }),
  ).toEqual(['The friend answers: \n']);
});
