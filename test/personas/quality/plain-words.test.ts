import { expect, it } from 'vitest';
import { lengthInWords, plainWords } from '../../../src/personas/quality/plain-words.ts';

it.each([
  ['**Doesn’t** like "tea"; isn\'t 34.', ['doesnt', 'like', 'tea', 'isnt', '34']],
  ['ＡＢＣ café', ['abc', 'café']],
  ['住在Ulm，3只猫', ['住', '在', 'ulm', '3', '只', '猫']],
  ['...', []],
])('the words of %j', (text, words) => {
  expect(plainWords(text)).toEqual(words);
});

it('counts two characters of a script without spaces as a word', () => {
  expect(lengthInWords(plainWords('住在Ulm和Bonn'))).toBe(3.5);
  expect(lengthInWords(plainWords('東京 タイ ไทย'))).toBe(3.5);
});
