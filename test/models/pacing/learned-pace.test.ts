import { describe, expect, test } from 'vitest';
import { type LearnedPace, learnedPace, type SentCall } from '../../../src/models/pacing/learned-pace.ts';

/** Sends one call every 10 ms for a second, none of which has ended. */
function busySecond(): { pace: LearnedPace; calls: SentCall[] } {
  const pace = learnedPace(1_000);
  const calls = Array.from({ length: 100 }, (_, index) => ({ index: index + 1, sentAt: 10 * index }));
  for (const call of calls) pace.sent(call);
  return { pace, calls };
}

/** A refusal with Retry-After counts as a limit at once. Without it, it may be a stray. */
const NAMED_PAUSE_MS = 1;

/** Right after a cut, the rate is 0.8 of 0.98 of the calls accepted per second. */
const AFTER_CUT = 0.8 * 0.98;

describe('a late refusal', () => {
  test('of a call sent before the cut does not cut again within the episode', () => {
    const { pace, calls } = busySecond();
    pace.refused(calls[99]!, 1_000, 99, NAMED_PAUSE_MS);
    expect(1_000 * pace.rate()).toBeCloseTo(AFTER_CUT * 99, 6);
    // Longer than the shortest episode, but calls from before the cut are still in flight.
    for (const [late, now] of [1_200, 2_600, 5_000, 10_900].entries()) {
      pace.refused(calls[98 - late]!, now, 98 - late, NAMED_PAUSE_MS);
      expect(1_000 * pace.rate()).toBeCloseTo(AFTER_CUT * (98 - late), 6);
    }
  });

  test('is subtracted from the measured second once, and only if its call was sent in that second', () => {
    const { pace, calls } = busySecond();
    pace.refused(calls[99]!, 1_000, 99, NAMED_PAUSE_MS);
    const cut = pace.rate();
    // Sent before the measured second, and after the measurement.
    pace.refused({ index: 0, sentAt: 0 }, 1_100, 98, NAMED_PAUSE_MS);
    pace.refused({ index: 101, sentAt: 1_050 }, 1_100, 98, NAMED_PAUSE_MS);
    expect(pace.rate()).toBe(cut);
    pace.refused({ index: 50, sentAt: 1 }, 1_100, 98, NAMED_PAUSE_MS);
    expect(1_000 * (cut - pace.rate())).toBeCloseTo(AFTER_CUT, 6);
  });

  test('cuts again after ten seconds, the longest episode', () => {
    const { pace, calls } = busySecond();
    pace.refused(calls[99]!, 1_000, 99, NAMED_PAUSE_MS);
    const cut = pace.rate();
    pace.refused(calls[98]!, 11_000, 98, NAMED_PAUSE_MS);
    expect(pace.rate()).toBeLessThan(0.9 * cut);
  });
});

test('a refusal cuts again once the calls of the first one have ended', () => {
  const { pace, calls } = busySecond();
  pace.refused(calls[99]!, 1_000, 1, NAMED_PAUSE_MS);
  const cut = pace.rate();
  pace.succeeded(calls[98]!);
  pace.refused({ index: 101, sentAt: 2_400 }, 2_499, 0, NAMED_PAUSE_MS);
  expect(pace.rate()).toBe(cut);
  pace.refused({ index: 102, sentAt: 2_450 }, 2_500, 0, NAMED_PAUSE_MS);
  expect(pace.rate()).toBeLessThan(0.9 * cut);
});

describe('a refusal without Retry-After', () => {
  test('is a stray while it is rare', () => {
    const { pace, calls } = busySecond();
    for (const call of calls.slice(0, 97)) pace.succeeded(call);
    pace.refused(calls[97]!, 1_000, 2, undefined);
    pace.refused(calls[98]!, 1_000, 1, undefined);
    expect(pace.rate()).toBe(Infinity);
    expect(pace.pausedUntil).toBe(-Infinity);
  });

  test('is a limit after three in a row', () => {
    const { pace, calls } = busySecond();
    for (const call of calls.slice(0, 97)) pace.succeeded(call);
    for (const call of calls.slice(97)) pace.refused(call, 1_000, 0, undefined);
    expect(pace.rate()).toBeLessThan(Infinity);
    expect(pace.pausedUntil).toBeGreaterThan(1_000);
  });

  test('is a limit if more than one in twenty recent calls is refused', () => {
    const { pace } = busySecond();
    let index = 100;
    for (let round = 0; round < 100 && pace.rate() === Infinity; round++) {
      pace.refused({ index: ++index, sentAt: 1_000 }, 1_000, 0, undefined);
      for (let call = 0; call < 9; call++) pace.succeeded({ index: ++index, sentAt: 1_000 });
    }
    expect(pace.rate()).toBeLessThan(Infinity);
  });
});
