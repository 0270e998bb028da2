import { expect, test } from 'vitest';
import { endsOfRuns } from '../../src/internal/word-runs.ts';

const letters = (word: string) => word.length;

test('a run ends where it is long enough, and the last words begin none', () => {
  expect(endsOfRuns(['a', 'b', 'c', 'd'], 3, letters)).toEqual([3, 4]);
  expect(endsOfRuns(['a', 'bcd', 'ef', 'g'], 3, letters)).toEqual([2, 2, 4]);
  expect(endsOfRuns(['a', 'b'], 3, letters)).toEqual([]);
  expect(endsOfRuns([], 1, letters)).toEqual([]);
});
