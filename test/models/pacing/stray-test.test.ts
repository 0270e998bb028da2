import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/internal/random.ts';
import { type StrayTest, strayTest } from '../../../src/models/pacing/stray-test.ts';

/** Calls until refusals of this share are found too many, at most `calls`. */
function tripsAfter(strays: StrayTest, share: number, calls = 100_000, load = 0): number {
  const random = seededRandom(11);
  for (let call = 1; call <= calls; call++) {
    strays.sent();
    if (random() < share && strays.refused(load)) return call;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a test for strays', () => {
  test('finds four refusals in a row too many', () => {
    const strays = strayTest();
    const found = [1, 2, 3, 4, 5].map(() => strays.refused(0));
    expect(found).toEqual([false, false, false, true, true]);
  });

  test('takes off a point for twenty calls, and never below none', () => {
    const strays = strayTest();
    for (let call = 0; call < 1_000; call++) strays.sent();
    for (let refusal = 0; refusal < 3; refusal++) expect(strays.refused(0)).toBe(false);
    for (let call = 0; call < 21; call++) strays.sent();
    expect(strays.refused(0)).toBe(false);
    expect(strays.refused(0)).toBe(false);
    expect(strays.refused(0)).toBe(true);
  });

  test('needs one more refusal for every twenty calls a second', () => {
    const strays = strayTest();
    const refusals = Array.from({ length: 10 }, () => strays.refused(100));
    expect(refusals.indexOf(true)).toBe(8);
  });

  test('finds one in five too many within a hundred calls, and one in a hundred never', () => {
    expect(tripsAfter(strayTest(), 0.2)).toBeLessThan(100);
    expect(tripsAfter(strayTest(), 0.01, 100_000, 100)).toBe(Number.POSITIVE_INFINITY);
  });

  test('knows strays by their share at a low rate, and finds only much more too many', () => {
    const strays = strayTest();
    strays.learn(50, 1_000);
    expect(strays.noise).toBeCloseTo(0.05, 3);
    expect(tripsAfter(strays, 0.05, 50_000, 100)).toBe(Number.POSITIVE_INFINITY);
    expect(tripsAfter(strays, 0.4)).toBeLessThan(100);
  });

  test('weighs what it learns by the number of calls', () => {
    const strays = strayTest();
    strays.learn(0, 0);
    expect(strays.noise).toBe(0);
    strays.learn(1, 2);
    expect(strays.noise).toBeCloseTo(0.5 * (1 - 0.995 ** 2), 9);
    strays.learn(0, 100_000);
    expect(strays.noise).toBeCloseTo(0, 9);
  });

  test('takes back strays that were refused no more often at a higher rate', () => {
    const strays = strayTest();
    strays.set(0.2);
    strays.atMost(0.3);
    expect(strays.noise).toBe(0.2);
    strays.atMost(0.1);
    expect(strays.noise).toBe(0.1);
  });

  test('counts again after a restart', () => {
    const strays = strayTest();
    for (let refusal = 0; refusal < 4; refusal++) strays.refused(0);
    strays.restart();
    expect([1, 2, 3, 4].map(() => strays.refused(0))).toEqual([false, false, false, true]);
  });
});
