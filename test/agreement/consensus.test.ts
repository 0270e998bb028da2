import { expect, test } from 'vitest';
import { majorityRating, medianRating } from '../../src/agreement/consensus.ts';

test.each([
  [[], null, null],
  [[4], 4, 4],
  [[5, 1, 5], 5, 5],
  [[1, 2, 5], 2, null],
  [[3, 4], 4, null],
  [[1, 2, 4, 5], 3, null],
  [[2, 5, 5, 2, 3], 3, null],
  [[1, 1, 5, 5, 5, 5], 5, 5],
])('of %j the median is %j and the majority %j', (ratings, median, majority) => {
  expect(medianRating(ratings)).toBe(median);
  expect(majorityRating(ratings)).toBe(majority);
});
