import { expect, test } from 'vitest';
import { briefOf, findEcho } from '../../../src/conversations/user-checks/brief.ts';
import { assistant, system, user } from '../../../src/messages.ts';

const variables = {
  persona: { facts: ['Keeps forty hives on a hill above the old harbour'] },
  task: 'wants a birthday dinner for six planned',
  conversation: [assistant('That sounds like a "long" day, what did you do after it?')],
};
const brief = briefOf(
  [
    system('You play somebody. React first to what the friend said before you change the subject.'),
    system(`True of them: ${variables.persona.facts[0]}. The person ${variables.task}.`),
    system('People remark on a reply ("that was a lot to read in one go").'),
    assistant('A sample message that somebody else might have written.'),
    user(`The friend answers: ${JSON.stringify(variables.conversation[0]!.content).slice(1, -1)}`),
  ],
  variables,
);

test.each([
  'ok so react first to what the friend said: nice',
  'The friend answers: nice',
  'True of them: bees.',
])('the own words of the prompt are an echo: %j', (message) => {
  expect(findEcho(message, brief)).not.toBeNull();
});

test.each([
  'I keep forty hives on a hill above the old harbour',
  'I want a birthday dinner for six planned, please',
  'You asked: that sounds like a long day, what did you do after it?',
  'A sample message that somebody else might have written.',
  'phew, that was a lot to read in one go',
  'react to what the friend said',
])('the words it was given, few words, its samples and quotations are none: %j', (message) => {
  expect(findEcho(message, brief)).toBeNull();
});

test('Chinese is compared by characters, twice as many', () => {
  const chinese = briefOf([system('先回应朋友刚才说的话，再谈别的。')], {});
  expect(findEcho('好的，先回应朋友刚才说的话，再谈别的。', chinese)).not.toBeNull();
  expect(findEcho('朋友刚才说的话，再谈别的', chinese)).toBeNull();
});
