import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapePattern } from '../../src/internal/escape-pattern.ts';

test('a text matches its own pattern, as a whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(new RegExp(`^${escapePattern(text)}$`, 'u').test(text)).toBe(true);
    }),
  );
  expect(new RegExp(`^${escapePattern('Wei-ting (C++)?')}$`, 'u').test('Wei-ting (C++)?')).toBe(true);
  expect(new RegExp(`^${escapePattern('a.c')}$`, 'u').test('abc')).toBe(false);
});
