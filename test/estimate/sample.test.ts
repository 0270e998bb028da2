import { expect, test } from 'vitest';
import { sampleOf, spread } from '../../src/estimate/sample.ts';

const items = Array.from({ length: 200 }, (_, index) => index);

test('a sample is spaced evenly, and is the list itself if that is short', () => {
  expect(sampleOf(items, 4)).toEqual([0, 50, 100, 150]);
  expect(sampleOf([1, 2], 4)).toEqual([1, 2]);
});

test('the beginning of a spread list comes from everywhere', () => {
  const order = spread(items);
  expect([...order].sort((a, b) => a - b)).toEqual(items);
  for (const length of [8, 20, 50, 100]) {
    const beginning = order.slice(0, length);
    const early = beginning.filter((item) => item < 100).length;
    expect(Math.abs(early / length - 1 / 2), `${length} of them`).toBeLessThan(0.15);
  }
});
