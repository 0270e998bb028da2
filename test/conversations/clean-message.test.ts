import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanUserMessage, toWholeSentences } from '../../src/conversations/clean-message.ts';

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
  ])('is found in %j', (reply, text) => {
    expect(cleanUserMessage(reply)).toBe(text);
  });

  test.each([
    ['The bees\nare back', 'The bees\nare back'],
    ['The bees are back.\n \n\nOr are they? ', 'The bees are back.\n\nOr are they?'],
    ['*smiles*\n\nThe bees are back.\n*waves*', 'The bees are back.'],
    [
      'Me: *sighs `x`* why?\n```py\ndef f():\n    return "*laughs*"\n```\nok *waves*',
      'why?\n```py\ndef f():\n    return "*laughs*"\n```\nok',
    ],
    [
      'The log:\n```\nUser: hi\nAssistant: hello\n```\nWhat now?',
      'The log:\n```\nUser: hi\nAssistant: hello\n```\nWhat now?',
    ],
    ['It is in `__init__`.\nFriend: `x`', 'It is in `__init__`.'],
  ])('keeps its lines, paragraphs and code in %j', (reply, text) => {
    expect(cleanUserMessage(reply)).toBe(text);
  });

  test.each([
    'The bees are back.\nFriend: Great news!\nMe: I know.',
    'The bees are back.\n\n**Assistant:** Great news!',
    'The bees are back.\nThe friend answers: Great news!',
    'The bees are back. Friend: Great news! Me: I know.',
    'Me: The bees are back.\nAI: really?\nMe: yes',
    'The bees are back.\n(Note: I kept it casual.)',
  ])('ends where the other side begins in %j', (reply) => {
    expect(cleanUserMessage(reply)).toBe('The bees are back.');
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
      fc.property(replies, (reply) => {
        const once = cleanUserMessage(reply);
        expect(cleanUserMessage(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is fast on long replies that nearly match', () => {
    for (const piece of ['*smiles ', '(laughs ', '"', 'Me: ', '\n', '<think>', '. ', '_a', "here's a "]) {
      expect(cleanUserMessage(piece.repeat(20_000 / piece.length))).toBeDefined();
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
])('a truncated text is cut back to its last complete sentence: %j', (text, whole) => {
  expect(toWholeSentences(text)).toBe(whole);
});
