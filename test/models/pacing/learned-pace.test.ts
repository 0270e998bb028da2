import { describe, expect, test } from 'vitest';
import { type LearnedPace, learnedPace, type SentCall } from '../../../src/models/pacing/learned-pace.ts';

/** A second's worth of calls, one each 10 ms from 0, none of which has ended. */
function busySecond(): { pace: LearnedPace; calls: SentCall[] } {
  const pace = learnedPace(1_000);
  const calls = Array.from({ length: 100 }, (_, index) => ({ index: index + 1, sentAt: 10 * index }));
  for (const call of calls) pace.sent(call);
  return { pace, calls };
}

/** Right after a cut the rate is 0.8 of 0.98 of what was accepted in a second. */
const AFTER_CUT = 0.8 * 0.98;

describe('a late refusal', () => {
  test('of a call sent before the cut does not cut again, however many come within the episode', () => {
    const { pace, calls } = busySecond();
    pace.refused(calls[99]!, 1_000, 99, undefined);
    expect(1_000 * pace.rate()).toBeCloseTo(AFTER_CUT * 99, 6);
    // Longer than the shortest episode, but calls of the first flight are still on their way.
    for (const [late, now] of [1_200, 2_600, 5_000, 10_900].entries()) {
      pace.refused(calls[98 - late]!, now, 98 - late, undefined);
      expect(1_000 * pace.rate()).toBeCloseTo(AFTER_CUT * (98 - late), 6);
    }
  });

  test('takes its call off the measured second once, and only when it was sent in that second', () => {
    const { pace, calls } = busySecond();
    pace.refused(calls[99]!, 1_000, 99, undefined);
    const cut = pace.rate();
    // Sent before the second that was measured, and after the measuring.
    pace.refused({ index: 0, sentAt: 0 }, 1_100, 98, undefined);
    pace.refused({ index: 101, sentAt: 1_050 }, 1_100, 98, undefined);
    expect(pace.rate()).toBe(cut);
    pace.refused({ index: 50, sentAt: 1 }, 1_100, 98, undefined);
    expect(1_000 * (cut - pace.rate())).toBeCloseTo(AFTER_CUT, 6);
  });

  test('after ten seconds cuts again: one answer may take minutes, and no episode lasts so long', () => {
    const { pace, calls } = busySecond();
    pace.refused(calls[99]!, 1_000, 99, undefined);
    const cut = pace.rate();
    pace.refused(calls[98]!, 11_000, 98, undefined);
    expect(pace.rate()).toBeLessThan(0.9 * cut);
  });
});

test('a refusal cuts again once the calls of the first one have ended', () => {
  const { pace, calls } = busySecond();
  pace.refused(calls[99]!, 1_000, 1, undefined);
  const cut = pace.rate();
  pace.succeeded(calls[98]!);
  pace.refused({ index: 101, sentAt: 2_400 }, 2_499, 0, undefined);
  expect(pace.rate()).toBe(cut);
  pace.refused({ index: 102, sentAt: 2_450 }, 2_500, 0, undefined);
  expect(pace.rate()).toBeLessThan(0.9 * cut);
});
