import { describe, expect, test } from 'vitest';
import { type LimitHold, limitHold } from '../../../src/models/pacing/limit-hold.ts';
import { round } from '../../../src/models/pacing/round.ts';

/** How long the limit is held, in seconds: rounds of 5 s until it is time to try more. */
function secondsHeld(hold: LimitHold): number {
  for (let seconds = 5; ; seconds += 5) if (hold.endRound()) return seconds;
}

/** Finds these limits one after another, and says how long each is held. */
const held = (hold: LimitHold, ...limits: readonly number[]) =>
  limits.map((limit) => {
    hold.begin(limit);
    return secondsHeld(hold);
  });

describe('a limit', () => {
  test('is held for 5 s, then twice as long each time it is the same, up to 30 s', () => {
    expect(held(limitHold(), 100, 101, 99, 100, 100)).toEqual([5, 10, 20, 30, 30]);
  });

  test('that is one and a half times as high or as low is a new one', () => {
    expect(held(limitHold(), 100, 100, 150, 151, 100)).toEqual([5, 10, 20, 30, 5]);
    expect(held(limitHold(), 100, 100, 151)).toEqual([5, 10, 5]);
    expect(held(limitHold(), 150, 150, 100)).toEqual([5, 10, 20]);
    expect(held(limitHold(), 150, 150, 99)).toEqual([5, 10, 5]);
  });

  test('is held for longer if the server asks for pauses, up to five minutes', () => {
    for (const [askedMs, most] of [
      [0, 30],
      [1_000, 70],
      [60_000, 300],
    ] as const) {
      const hold = limitHold();
      hold.paused(askedMs);
      expect(held(hold, 9, 9, 9, 9, 9, 9, 9, 9).at(-1)).toBe(most);
    }
  });

  test('is held in rounds of 5 s and 250 calls', () => {
    for (const [ms, calls, isOver] of [
      [5_000, 250, true],
      [4_999, 250, false],
      [5_000, 249, false],
    ] as const) {
      const each = round(0, 1);
      each.pass(ms);
      for (let call = 0; call < calls; call++) each.sent();
      expect(limitHold().isRoundOver(each)).toBe(isOver);
    }
  });
});
