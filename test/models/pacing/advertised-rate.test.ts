import { describe, expect, test } from 'vitest';
import { type AdvertisedLimit, advertisedRate } from '../../../src/models/pacing/advertised-rate.ts';

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** A response that says how many calls remain, and for how long. */
const says = (remaining: number, resetMs: number | undefined, more: Partial<AdvertisedLimit> = {}) => ({
  window: { limit: 1_000, remaining, ...(resetMs !== undefined && { resetMs }) },
  index: 1,
  ageMs: 0,
  spentSince: 0,
  callUnits: 1,
  ...more,
});
const learned = (limit: AdvertisedLimit, maxPauseMs = 1_800_000) => {
  const rate = advertisedRate(maxPauseMs);
  return { rate, pause: rate.learn(limit, 1_000) };
};

describe('a rate that headers tell', () => {
  test('spreads what remains over the time until it is restored, then is unknown again', () => {
    const { rate, pause } = learned(says(100, 10_000));
    expect(pause).toEqual({ waitMs: 100, requestedMs: 100 });
    expect([1_000, 10_999, 11_000].map(rate.rate)).toEqual([0.01, 0.01, NO_LIMIT]);
    expect(advertisedRate(1).rate(0)).toBe(NO_LIMIT);
  });

  test('counts what was sent since, and leaves one unit', () => {
    expect(learned(says(100, 10_000, { spentSince: 60 })).rate.rate(1_000)).toBe(0.004);
    expect(learned(says(100, 10_000, { spentSince: 200 })).rate.rate(1_000)).toBe(0.0001);
  });

  test('asks to wait for as many units as a call needs, no longer than until they are restored', () => {
    expect(learned(says(100, 10_000, { callUnits: 50 })).pause).toMatchObject({ waitMs: 5_000 });
    expect(learned(says(100, 10_000, { callUnits: 500 })).pause).toMatchObject({ waitMs: 10_000 });
  });

  test.each([
    ['does not say when', says(5, undefined)],
    ['is over by the time it arrives', says(5, 3_000, { ageMs: 3_000 })],
  ])('is not known from a window that %s', (_what, limit) => {
    const { rate, pause } = learned(limit);
    expect(pause).toBeUndefined();
    expect(rate.rate(1_000)).toBe(NO_LIMIT);
  });

  test('comes from the newest call, not from the response that arrives last', () => {
    const { rate } = learned(says(100, 10_000, { index: 7 }));
    expect(rate.learn(says(1, 10_000, { index: 6 }), 1_000)).toBeUndefined();
    expect(rate.rate(1_000)).toBe(0.01);
    rate.learn(says(50, 10_000, { index: 7 }), 1_000);
    expect(rate.rate(1_000)).toBe(0.005);
  });

  test('is not waited for if it is restored later than the longest pause', () => {
    const { rate, pause } = learned(says(0, 20_001), 20_000);
    expect(pause).toBeUndefined();
    expect(rate.rate(1_000)).toBe(NO_LIMIT);
    expect(learned(says(0, 20_000), 20_000).pause).toBeDefined();
    // What was known before is out of date then.
    const before = learned(says(100, 10_000), 20_000).rate;
    before.learn(says(0, 30_000, { index: 2 }), 1_000);
    expect(before.rate(1_000)).toBe(NO_LIMIT);
  });
});

describe('a limit that is used up for long', () => {
  const usedUp = () => learned(says(0, 600_000)).rate;
  const again = (more: Partial<AdvertisedLimit> = {}) => says(0, 600_000, { index: 2, ...more });

  test('is tried after a minute', () => {
    const { rate, pause } = learned(says(0, 600_000));
    expect(pause).toEqual({ waitMs: 60_000, requestedMs: 600_000 });
    expect(rate.rate(1_000)).toBe(1 / 60_000);
  });

  test('is never believed again once a call sent later is accepted', () => {
    const rate = usedUp();
    expect(rate.learn(again(), 61_000)).toBeUndefined();
    expect(rate.rate(61_000)).toBe(NO_LIMIT);
    expect(rate.learn(again({ index: 3 }), 62_000)).toBeUndefined();
    expect(rate.rate(62_000)).toBe(NO_LIMIT);
  });

  test.each([
    ['a call sent before it was said', again({ ageMs: 500 }), 1_200],
    ['a call sent once the window is over', again(), 601_000],
    ['a response that says that some is left', says(5, 600_000, { index: 2 }), 61_000],
  ])('is still believed after %s', (_what, limit, now) => {
    const rate = usedUp();
    expect(rate.learn(limit, now)).toBeDefined();
    expect(rate.rate(now)).toBeLessThan(NO_LIMIT);
  });

  test('for a minute or less is as usual, and refutes nothing', () => {
    const { rate } = learned(says(0, 60_000));
    expect(rate.learn(says(0, 60_000, { index: 2 }), 30_000)).toBeDefined();
  });

  test('is forgotten when newer headers say otherwise', () => {
    const rate = usedUp();
    rate.learn(says(500, 60_000, { index: 2 }), 2_000);
    expect(rate.learn(says(0, 50_000, { index: 3 }), 10_000)).toBeDefined();
  });
});
