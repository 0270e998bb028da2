import { expect, test } from 'vitest';
import { nearest } from '../../src/internal/nearest.ts';

const NAMES = ['learning_rate', 'beta', 'max_length', 'max_steps'];

test.each([
  ['learning_rat', 'learning_rate'],
  ['lerning-rate', 'learning_rate'],
  ['max_len', 'max_length'],
  ['Beta', 'beta'],
  ['beta', 'beta'],
])('%s is nearest to %s', (word, expected) => {
  expect(nearest(word, NAMES)).toBe(expected);
});

test('two swapped letters are one edit', () => {
  expect(nearest('truns', ['run', 'turns'])).toBe('turns');
});

test('the first of equally near names wins, and no names give nothing', () => {
  expect(nearest('ac', ['ab', 'ad'])).toBe('ab');
  expect(nearest('a', [])).toBeUndefined();
});
