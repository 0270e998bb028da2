import { describe, expect, test } from 'vitest';
import { refusalPause } from '../../../src/models/pacing/refusal-pause.ts';

describe('a pause after refusals', () => {
  test('lasts 100 ms while calls are accepted, or as long as the server asks', () => {
    const pause = refusalPause();
    pause.sent();
    expect(pause.until).toBe(Number.NEGATIVE_INFINITY);
    expect(pause.begin(0, 1_000, 0)).toBe(true);
    expect(pause.until).toBe(1_100);
    for (let call = 0; call < 9; call++) pause.sent();
    expect(pause.begin(5_000, 5_010, 700)).toBe(true);
    expect(pause.until).toBe(5_710);
  });

  test('grows while nothing is accepted: it doubles up to a second, then grows fourfold up to a minute', () => {
    const pause = refusalPause();
    const pauses: number[] = [];
    let now = 0;
    for (let round = 0; round < 10; round++) {
      pause.sent();
      pause.refused(now);
      expect(pause.begin(now, now, 0)).toBe(false);
      pauses.push(pause.until - now);
      now = pause.until;
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 6_400, 25_600, 60_000, 60_000, 60_000]);
    // One accepted call, and a call refused later than the pause was long.
    pause.sent();
    pause.sent();
    pause.refused(now + 60_001);
    expect(pause.begin(now + 60_001, now + 60_001, 0)).toBe(true);
    expect(pause.until - now).toBe(60_101);
  });

  test('goes on growing if a call is refused sooner after it than it was long: others may be refused yet', () => {
    const pause = refusalPause();
    for (const now of [0, 100, 300]) {
      pause.sent();
      pause.refused(now);
      pause.begin(now, now, 0);
    }
    expect(pause.until).toBe(700);
    for (let call = 0; call < 3; call++) pause.sent();
    pause.refused(1_100);
    expect(pause.begin(1_100, 1_100, 0)).toBe(false);
    expect(pause.until).toBe(1_900);
    // By now all are known, and two of them were accepted.
    pause.sent();
    pause.refused(1_900);
    expect(pause.begin(1_900, 1_900, 0)).toBe(true);
  });

  test('counts a late refusal where its call was sent', () => {
    const pause = refusalPause();
    pause.sent();
    pause.sent();
    pause.refused(0);
    pause.begin(0, 0, 0);
    // Until 100. The other call sent before it is refused too, and one sent at its end.
    pause.refused(0);
    pause.sent();
    pause.refused(100);
    expect(pause.begin(100, 100, 0)).toBe(false);
    // A refusal of a call from before both pauses changes nothing.
    pause.sent();
    pause.sent();
    pause.refused(0);
    pause.refused(300);
    expect(pause.begin(501, 501, 0)).toBe(true);
  });

  test('is silent until a call sent after it is known to be accepted', () => {
    const pause = refusalPause();
    expect(pause.isSilent(0)).toBe(false);
    pause.begin(0, 1_000, 0);
    pause.succeeded(1_099);
    // A call sent before its end says nothing of what came after.
    expect([1_099, 1_100].map(pause.isSilent)).toEqual([false, true]);
    pause.succeeded(1_100);
    expect(pause.isSilent(1_200)).toBe(false);
    pause.begin(2_000, 2_000, 0);
    expect(pause.isSilent(2_200)).toBe(true);
  });

  test('is extended, never cut short', () => {
    const pause = refusalPause();
    pause.extend(500);
    pause.extend(300);
    expect(pause.until).toBe(500);
  });

  test('leaves a second to measure if it was short, or a second ago', () => {
    const pause = refusalPause();
    expect(pause.leavesSecond(0)).toBe(true);
    pause.begin(0, 0, 0);
    expect(pause.leavesSecond(100)).toBe(true);
    pause.begin(100, 100, 0);
    expect(pause.until).toBe(300);
    expect(pause.leavesSecond(1_299)).toBe(false);
    expect(pause.leavesSecond(1_300)).toBe(true);
  });
});
