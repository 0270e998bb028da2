import { describe, expect, test } from 'vitest';
import { type Round, round } from '../../../src/models/pacing/round.ts';

/** Sends so many calls in so many milliseconds. */
function played(each: Round, calls: number, ms: number, isAnswered = true): Round {
  for (let call = 0; call < calls; call++) each.sent();
  if (isAnswered) each.succeeded(10);
  each.pass(ms);
  return each;
}
const fresh = () => round(5_000, 10);

describe('a round', () => {
  test.each([
    ['after a second with 20 calls and an answer', 20, 1_000, true, true],
    ['not before a second', 20, 999, true, false],
    ['not with 19 calls', 19, 1_000, true, false],
    ['not before an answer', 20, 1_000, false, false],
    ['after ten seconds in any case, since a call may take minutes', 0, 10_000, false, true],
    ['and not much before that', 0, 9_999, false, false],
  ])('is over %s', (_when, calls, ms, isAnswered, expected) => {
    expect(played(fresh(), calls, ms, isAnswered).isOver()).toBe(expected);
  });

  test('has settled after a second and an answer, with pauses', () => {
    const each = fresh();
    expect(each.isSettled(6_000)).toBe(false);
    each.succeeded(10);
    expect(each.isSettled(5_999)).toBe(false);
    expect(each.isSettled(6_000)).toBe(true);
  });

  test('counts its own calls only', () => {
    const each = fresh();
    each.succeeded(9);
    each.refuse(9);
    expect(each.isSettled(9_000)).toBe(false);
    each.refuse(10);
    each.refuse(11);
    each.sent();
    expect(each).toMatchObject({ from: 5_000, calls: 1, refused: 2, ms: 0 });
  });

  test('takes a stall for ten seconds at most', () => {
    expect(played(fresh(), 0, 3_600_000).ms).toBe(10_000);
    expect(played(played(fresh(), 0, 3_000), 0, 4_000).ms).toBe(7_000);
  });

  test('has used a rate if four fifths of its calls were sent, or all but one', () => {
    const rate = 0.5;
    expect(played(fresh(), 399, 1_000).isUsed(rate)).toBe(true);
    expect(played(fresh(), 398, 1_000).isUsed(rate)).toBe(false);
    expect(played(fresh(), 0, 2).isUsed(rate)).toBe(true);
  });
});
