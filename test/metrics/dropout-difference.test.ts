import { describe, expect, it } from 'vitest';
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

describe('with shared profiles', () => {
  /** Four cases a profile; those of the first profiles are low and go missing. */
  const study = (profiles: number, missing: number) => {
    const labels = Array.from({ length: 4 * profiles }, (_, index) => String(Math.floor(index / 4)));
    const scores = labels.map((label) => {
      return Number(label) < missing ? [1, null] : [4, 4];
    });
    return { scores, options: { profiles: labels, resamples: 2_000 } };
  };

  it('counts a profile once, however many of its cases go missing', () => {
    const { scores, options } = study(10, 2);
    expect(dropoutDifference(scores).pValue).toBeLessThan(0.001);
    // One of the 45 ways to choose two of ten profiles.
    expect(Math.abs(dropoutDifference(scores, options).pValue! - 1 / 45)).toBeLessThan(0.015);
    const many = study(24, 10);
    expect(dropoutDifference(many.scores, many.options).pValue).toBeLessThan(0.01);
  });

  it('has no p-value with fewer than six of them, unless personalities can be counted', () => {
    const { scores, options } = study(5, 2);
    expect(dropoutDifference(scores, options)).toMatchObject({ difference: -3, pValue: null });
    const personalities = scores.map((_, index) => String(index % 4));
    expect(dropoutDifference(scores, { ...options, personalities }).pValue).toBeNull();
    expect(
      dropoutDifference(scores.concat(scores), { personalities: [...'abcdefgh'.repeat(5)] }).pValue,
    ).not.toBeNull();
  });
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
