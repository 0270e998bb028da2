import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText, tokensIn, wordsIn } from '../../src/internal/words.ts';

test('words, numbers and Chinese characters stand apart', () => {
  expect(wordsIn("I don't keep B2B notes: 汉语, 3rd")).toEqual(
    'I don t keep B 2 B notes 汉 语 3 rd'.split(' '),
  );
});

test('tokens hold letters and digits', () => {
  expect(tokensIn('B2B in 汉语, naïve')).toEqual(['B2B', 'in', '汉语', 'naïve']);
});

test('texts are split as the patterns would', () => {
  const character = fc.oneof(
    fc.integer({ min: 0, max: 0x24f }),
    fc.integer({ min: 0x250, max: 0x2080 }),
    fc.constantFrom(0x6c49, 0x20000, 0x1f600, 0x0301, 0x2019, 0x3007),
  );
  const text = fc.array(character, { maxLength: 30 }).map((codes) => String.fromCodePoint(...codes));
  fc.assert(
    fc.property(text, (given) => {
      expect(wordsIn(given)).toEqual(given.match(/\p{Script=Han}|[^\P{L}\p{Script=Han}]+|\p{N}+/gu) ?? []);
      expect(tokensIn(given)).toEqual(given.match(/[\p{L}\p{N}]+/gu) ?? []);
    }),
  );
  const latin = String.fromCodePoint(...Array.from({ length: 0x250 }, (_, code) => code));
  expect(wordsIn(latin)).toEqual(latin.match(/[^\P{L}\p{Script=Han}]+|\p{N}+/gu));
});

test('a plain text is its tokens in lower case', () => {
  expect(plainText('  "Hi!" — B2B, naïve… ')).toBe('hi b2b naïve');
  expect(plainText('?!')).toBe('');
});
