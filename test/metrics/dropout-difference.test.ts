import { expect, it } from 'vitest';
import { dropoutDifference } from '../../src/metrics/index.ts';

it('is the mean score so far of cases that go missing, minus that of those that go on', () => {
  const scores = [
    [1, 2, null, null],
    [2, 3, null, null],
    [4, 4, 4, 4],
    [5, 5, 5, null],
  ];
  // At turn 3: (1.5 + 2.5) / 2 against (4 + 5) / 2; at turn 4: 5 against 4. Three cases, each with the same weight.
  expect(dropoutDifference(scores)).toMatchObject({ cases: 3, difference: (2 * (2 - 4.5) + (5 - 4)) / 3 });
});

it('counts a case once, at its first turn without a score, and not if it has none before', () => {
  const scores = [
    [1, null, 3, null],
    [null, 3, 3, 3],
    [3, 3, 3, 3],
  ];
  expect(dropoutDifference(scores)).toMatchObject({ cases: 1, difference: -2 });
});

it('has the p-value of all ways to choose who goes missing', () => {
  // One of eight goes missing, and it is the lowest: 1 of 8 choices is as far from the mean.
  const scores = [[1, null], ...[3, 3, 3, 3, 3, 3, 3].map((score) => [score, score])];
  expect(dropoutDifference(scores).pValue).toBeCloseTo(1 / 8, 1);
});

it('is null if nothing is missing, if all go missing at once, and with one turn', () => {
  expect(
    dropoutDifference([
      [1, 2],
      [3, 4],
    ]),
  ).toEqual({ cases: 0, difference: null, pValue: null });
  expect(
    dropoutDifference([
      [1, null],
      [3, null],
    ]),
  ).toEqual({ cases: 2, difference: null, pValue: null });
  expect(dropoutDifference([[1], [null]])).toEqual({ cases: 0, difference: null, pValue: null });
});

it('gives the same numbers for the same seed, and near 1 where levels are equal', () => {
  const scores = [
    [3, 3, null],
    [3, 3, 3],
    [3, null, null],
    [3, 3, 3],
  ];
  expect(dropoutDifference(scores, { seed: 3 })).toEqual(dropoutDifference(scores, { seed: 3 }));
  expect(dropoutDifference(scores).pValue).toBe(1);
});
