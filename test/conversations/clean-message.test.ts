import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanUserMessage, toWholeSentences } from '../../src/conversations/clean-message.ts';

const clean = (reply: string, earlier: readonly string[] = []) => cleanUserMessage(reply, earlier);

describe('a user message', () => {
  test.each([
    ['Me: The bees are back.', 'The bees are back.'],
    ['**User:** The bees are back.', 'The bees are back.'],
    ['**Me**: The bees are back.', 'The bees are back.'],
    ['"The bees are back."', 'The bees are back.'],
    ['“The bees are back.”', 'The bees are back.'],
    ['Message: "*smiles* The bees are back."', 'The bees are back.'],
    ['User: Me: The bees are back.', 'The bees are back.'],
    ['Sure! Here is a casual message from the person:\n\n"The bees are back."', 'The bees are back.'],
    ["Here's a reply:\nThe bees are back.", 'The bees are back.'],
    ['The bees are back.\n\nOr are they?', 'The bees are back. Or are they?'],
  ])('is found in %j', (reply, text) => {
    expect(clean(reply)).toEqual({ ok: true, text });
  });

  test.each([
    'The bees are back.\nFriend: Great news!\nMe: I know.',
    'The bees are back.\n\n**Assistant:** Great news!',
    'The bees are back.\nThe friend answers: Great news!',
    'The bees are back. Friend: Great news! Me: I know.',
    'Me: The bees are back.\nAI: really?\nMe: yes',
    'The bees are back.\n(Note: I kept it casual.)',
  ])('ends where the other side begins in %j', (reply) => {
    expect(clean(reply)).toEqual({ ok: true, text: 'The bees are back.' });
  });

  test.each([
    "Here's the thing: bees do not read.",
    'My boss: be quick. Me: no.',
    "I can't write today, my hands hurt.",
    "I'm sorry, but I can't come on Friday.",
    "I can't pretend that all is well.",
    'I am an AI researcher in Vigo and it rains.',
    'I started as an assistant at the clinic.',
    'I work as a virtual assistant for two dentists.',
    'We do role-playing games on Thursdays, I am the wizard.',
    'That is so in character for him!',
    "That person's dog barked all night.",
    'The person who called hung up.',
    'I love my friend: she is 90.',
  ])('of a person stays whole: %j', (reply) => {
    expect(clean(reply)).toEqual({ ok: true, text: reply });
  });
});

describe('what no person would send', () => {
  test.each(['', '   \n', '...', '"*smiles*"', '*laughs*', 'Me:', '(sighs)'])('is empty: %j', (reply) => {
    expect(clean(reply)).toEqual({ ok: false, problem: 'empty' });
  });

  test.each([
    "I'm sorry, but I can't assist with that.",
    'I’m sorry, I can’t do that.',
    'I cannot fulfill this request.',
    "I'm not able to role-play as a real person.",
    'I cannot create content of this kind.',
    'That is against my guidelines.',
  ])('is a refusal: %j', (reply) => {
    expect(clean(reply)).toEqual({ ok: false, problem: 'refusal' });
  });

  test.each([
    'As an AI, I have no bees.',
    'As a large language model I have no bees.',
    "I'm just an AI assistant and have no bees.",
    'I am your helpful assistant.',
    'Hello! How can I help you today?',
    "I'm here to help you with your bees.",
    'The person would say that the bees are back.',
    'I will stay in character. The bees are back.',
    'In this role-play, the bees are back.',
    'Friend: The bees are back!',
    'The friend answers: good.\nMe: yes',
    'Write about this: Keeps bees.',
  ])('is out of the role: %j', (reply) => {
    expect(clean(reply)).toEqual({ ok: false, problem: 'role-slip' });
  });

  test('is what either side has said before, but for case and marks', () => {
    expect(clean('the bees are BACK', ['Hello.', 'The bees are back!'])).toEqual({
      ok: false,
      problem: 'repetition',
    });
    expect(clean('The bees are back again', ['The bees are back!']).ok).toBe(true);
  });
});

const PIECES = [
  '*smiles*',
  '*really*',
  '(laughs)',
  '[sighs]',
  '_grins_',
  'Me: ',
  'User:',
  '\nFriend: ',
  'AI: ',
  '"',
  '“',
  '”',
  '*',
  '**',
  '_',
  '(',
  ')',
  '\n',
  ' ',
  '. ',
  ', ',
  'I',
  'bees',
  'Here is a message:\n',
  '<think>',
  '</think>',
  '🐝',
  'é',
  ':',
  '\u2028',
];

describe('cleaning', () => {
  const replies = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join('')),
  );

  test('never throws, and its own output is clean', () => {
    fc.assert(
      fc.property(replies, fc.array(fc.string(), { maxLength: 3 }), (reply, earlier) => {
        const once = cleanUserMessage(reply, earlier);
        if (once.ok) expect(cleanUserMessage(once.text, earlier)).toEqual(once);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is quick with long replies that nearly match', () => {
    for (const piece of ['*smiles ', '(laughs ', '"', 'Me: ', '\n', '<think>', '. ', '_a', "here's a "]) {
      expect(clean(piece.repeat(20_000 / piece.length))).toBeDefined();
    }
  });
});

test.each([
  ['One. Two is cu', 'One.'],
  ['Really?” she said. And th', 'Really?” she said.'],
  ['It cost 3.50 and th', 'It cost 3.50 and th'],
  ['なるほど。それは', 'なるほど。'],
  ['no end at all', 'no end at all'],
  ['Whole. ', 'Whole.'],
])('a text that was cut goes back to its last whole sentence: %j', (text, whole) => {
  expect(toWholeSentences(text)).toBe(whole);
});
