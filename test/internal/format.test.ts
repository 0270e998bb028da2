import { expect, test } from 'vitest';
import { duration, oneLine, shortNumber } from '../../src/internal/format.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_234, '1.2k'],
  [999_949, '999.9k'],
  [999_999, '1.0M'],
  [140_900_000, '140.9M'],
])('%d is %s', (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

test.each([
  [400, '0 s'],
  [42_000, '42 s'],
  [59_600, '1 min 0 s'],
  [185_000, '3 min 5 s'],
  [3_599_700, '1 h 0 min'],
  [7_800_000, '2 h 10 min'],
])('%d milliseconds are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('a text of several lines is on one line, without what a terminal acts on', () => {
  expect(oneLine(' a\n\n\tb\u0007 \u2028c\u202e ')).toBe('a b c');
});
