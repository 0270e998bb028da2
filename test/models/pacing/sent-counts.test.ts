import { describe, expect, test } from 'vitest';
import { sentCounts } from '../../../src/models/pacing/sent-counts.ts';

/** Counts a call every `everyMs` from one time to another. */
function countsOf(from: number, to: number, everyMs: number) {
  const counts = sentCounts();
  for (let time = from; time < to; time += everyMs) counts.add(time);
  return counts;
}

describe('the calls of the last second', () => {
  test.each([
    [0, 500, 50],
    [0, 1_000, 100],
    [0, 5_000, 100],
    [1e9, 1e9 + 5_000, 100],
  ])('from %d to %d, one every 10 ms, are counted', (from, to, expected) => {
    expect(countsOf(from, to, 10).secondBefore(to)).toBeCloseTo(expected, 9);
  });

  test('are counted to the millisecond if they are spread evenly', () => {
    const counts = countsOf(0, 3_000, 2);
    expect(counts.secondBefore(3_000)).toBeCloseTo(500, 9);
    expect(counts.secondBefore(3_007)).toBeCloseTo(496.5, 9);
  });

  test('are none when nothing was sent in it', () => {
    const counts = countsOf(0, 100, 10);
    expect(counts.secondBefore(1_120)).toBe(0);
    expect(countsOf(0, 100, 10).secondBefore(1e9)).toBe(0);
    expect(sentCounts().secondBefore(0)).toBe(0);
  });

  test('are forgotten where new ones take their memory', () => {
    const counts = countsOf(0, 20, 1);
    // Two and a half seconds later the same place in memory is used again.
    counts.add(2_560);
    expect(counts.secondBefore(2_560)).toBeLessThanOrEqual(1);
    counts.add(1e6);
    expect(counts.secondBefore(1e6)).toBeLessThanOrEqual(1);
  });

  test('do not count those that were refused, and each once', () => {
    const counts = countsOf(0, 1_000, 10);
    for (const time of [0, 500, 500, 990]) counts.refuse(time);
    expect(counts.secondBefore(1_000)).toBe(96);
    // No more are refused than were sent.
    for (let refusal = 0; refusal < 10; refusal++) counts.refuse(505);
    expect(counts.secondBefore(1_000)).toBe(96);
  });

  test('are the same after a refusal of a call sent long ago', () => {
    const counts = countsOf(0, 4_000, 10);
    // The last one was where the memory of the newest calls is now.
    for (const sentAt of [0, 1_000, 1_420]) counts.refuse(sentAt);
    expect(counts.secondBefore(4_000)).toBe(100);
    counts.refuse(-1);
    expect(counts.secondBefore(4_000)).toBe(100);
  });
});
