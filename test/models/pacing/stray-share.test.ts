import { describe, expect, test } from 'vitest';
import { strayShare } from '../../../src/models/pacing/stray-share.ts';
import { strayTest } from '../../../src/models/pacing/stray-test.ts';

const SECOND = { ms: 1_000 };

function setUp(noise = 0) {
  const refusals = strayTest();
  refusals.set(noise);
  return { refusals, strays: strayShare(refusals) };
}

/** So many calls of a hundred refused, at a limit of 0.1 calls per millisecond. */
const round = (refused: number, calls = 100) => ({ ...SECOND, limit: 0.1, calls, refused });

describe('a round below the limit', () => {
  test.each([
    ['2 % are refused', 2, 100],
    ['only two are refused, however few the calls', 2, 20],
  ])('says nothing against the limit if %s, and these count as strays', (_what, refused, calls) => {
    const { refusals, strays } = setUp();
    expect(strays.below(round(refused, calls))).toEqual({ limit: 0.1, isLimited: false, isFinal: true });
    expect(refusals.noise).toBeGreaterThan(0);
    expect(refusals.noise).toBeLessThan(refused / calls);
  });

  test.each([
    ['three of a hundred are refused', 3, 100, 0],
    ['as many are refused beyond the strays', 13, 100, 0.1],
  ])('leads to a trial at a lower rate if %s', (_what, refused, calls, noise) => {
    const { refusals, strays } = setUp(noise);
    const verdict = strays.below(round(refused, calls));
    expect(verdict).toEqual({ limit: 0.75 * 0.1, isLimited: false, isFinal: false });
    expect(refusals.noise).toBe(noise);
  });

  test('is as the strays known let expect, and leads to none', () => {
    expect(setUp(0.1).strays.below(round(12))).toMatchObject({ isFinal: true, limit: 0.1 });
  });

  test('confirms strays at the third rate, and gives the limit back', () => {
    const { refusals, strays } = setUp();
    const verdicts = [100, 75, 56].map((calls) =>
      strays.below({ ...SECOND, limit: calls / 1_000, calls, refused: Math.round(0.1 * calls) }),
    );
    expect(verdicts.map(({ isFinal }) => isFinal)).toEqual([false, false, true]);
    expect(verdicts[2]).toEqual({ limit: 0.1, isLimited: false, isFinal: true });
    expect(refusals.noise).toBeCloseTo(6 / 56, 9);
    // The next trial begins anew.
    expect(strays.below(round(30))).toMatchObject({ isFinal: false, limit: 0.75 * 0.1 });
  });

  test('finds a limit on calls in flight if as many are accepted at a lower rate', () => {
    const { strays } = setUp();
    strays.below(round(40));
    expect(strays.below({ ...SECOND, limit: 0.075, calls: 75, refused: 15 })).toEqual({
      limit: 0.06,
      isLimited: true,
      isFinal: false,
    });
  });

  test('with few refusals ends a trial', () => {
    const { strays } = setUp();
    strays.below(round(40));
    strays.below(round(0));
    expect(strays.below({ ...SECOND, limit: 0.075, calls: 75, refused: 15 })).toMatchObject({
      limit: 0.75 * 0.075,
      isLimited: false,
    });
  });

  test('after a restart begins a trial anew', () => {
    const { strays } = setUp();
    strays.below(round(40));
    strays.restart();
    expect(strays.below(round(40))).toMatchObject({ isLimited: false, limit: 0.75 * 0.1 });
  });
});

describe('a round at the limit', () => {
  test('leaves it if hardly more than the strays are refused', () => {
    expect(setUp().strays.at(round(2))).toBe(0.1);
    expect(setUp(0.1).strays.at(round(12))).toBe(0.1);
  });

  test('lowers it by what is refused beyond the strays', () => {
    expect(setUp().strays.at(round(3))).toBeCloseTo(0.097, 9);
    expect(setUp(0.1).strays.at(round(15))).toBeCloseTo(0.095, 9);
  });

  test('shows that there are no more strays than were refused', () => {
    const { refusals, strays } = setUp(0.1);
    expect(strays.at(round(1))).toBe(0.1);
    expect(refusals.noise).toBe(0.01);
  });
});
