import { expect, test } from 'vitest';
import { wilsonInterval } from '../../src/metrics/wilson-interval.ts';

test.each([
  [8, 10, 0.4901625, 0.9433178],
  [0, 20, 0, 0.1611252],
  [20, 20, 0.8388748, 1],
  [50, 100, 0.4038315, 0.5961685],
])('%d of %d', (found, of, low, high) => {
  const interval = wilsonInterval(found, of)!;
  expect(interval.low).toBeCloseTo(low, 6);
  expect(interval.high).toBeCloseTo(high, 6);
});

test('of nothing there is none', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
});
