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

test('of equally near names the first counts, and of none none', () => {
  expect(nearest('ac', ['ab', 'ad'])).toBe('ab');
  expect(nearest('a', [])).toBeUndefined();
});
