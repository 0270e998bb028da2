import { describe, expect, test } from 'vitest';
import { type LearnedPace, learnedPace } from '../../../src/models/pacing/learned-pace.ts';

/** Sends calls at a rate and lets `accepts` decide each; its answer comes at once. */
function driver(pace: LearnedPace = learnedPace(1_000)) {
  let now = 0;
  let index = 0;
  return {
    pace,
    get now() {
      return now;
    },
    /** Sends `perSecond` calls for so long, however fast the pace allows them to be. */
    send(perSecond: number, ms: number, accepts: (call: number) => boolean, retryAfterMs?: number): void {
      for (let call = 0; call < (perSecond * ms) / 1_000; call++) {
        now += 1_000 / perSecond;
        pace.advance(now, true);
        const sent = { index: ++index, sentAt: now };
        pace.sent(sent);
        if (accepts(call)) pace.succeeded(sent, now);
        else pace.refused(sent, now, 5, retryAfterMs);
      }
    },
    /** As fast as the pace allows, within a limit of so many calls in any second. */
    follow(limit: number, ms: number): void {
      const accepted: number[] = [];
      for (const end = now + ms; now < end; ) {
        now = Math.max(now, pace.pausedUntil) + Math.min(1_000, 1 / pace.rate);
        pace.advance(now, true);
        const sent = { index: ++index, sentAt: now };
        pace.sent(sent);
        while (accepted[0] !== undefined && accepted[0] <= now - 1_000) accepted.shift();
        if (accepted.length < limit) {
          accepted.push(now);
          pace.succeeded(sent, now);
        } else pace.refused(sent, now, 5, undefined);
      }
    },
    perSecond: () => 1_000 * pace.rate,
  };
}

const always = () => true;
const never = () => false;

describe('refusals', () => {
  test('that are rare change nothing, with or without a requested pause', () => {
    for (const retryAfterMs of [undefined, 20_000]) {
      const { send, pace } = driver();
      send(100, 60_000, (call) => call % 50 !== 49, retryAfterMs);
      expect(pace.rate).toBe(Number.POSITIVE_INFINITY);
      expect(pace.pausedUntil).toBe(Number.NEGATIVE_INFINITY);
    }
  });

  test('in a row are a limit: the rate falls to nine tenths of what was accepted in the second before', () => {
    const { send, pace, perSecond } = driver();
    send(100, 1_000, always);
    send(100, 110, never);
    expect(perSecond()).toBeGreaterThan(0.9 * 88);
    expect(perSecond()).toBeLessThan(0.9 * 100);
    expect(pace.pausedUntil).toBeGreaterThan(1_100);
    expect(pace.pausedUntil).toBeLessThanOrEqual(1_220);
  });

  test('of calls sent before the cut do not cut again', () => {
    const each = driver();
    each.send(100, 1_000, always);
    each.send(100, 110, never);
    const { pace, now } = each;
    const rate = pace.rate;
    expect(rate).toBeLessThan(Number.POSITIVE_INFINITY);
    // Sent in the second that was measured: one call less was accepted than it seemed.
    pace.refused({ index: 50, sentAt: 500 }, now, 5, undefined);
    expect(1_000 * (rate - pace.rate)).toBeCloseTo(0.9, 6);
    const corrected = pace.rate;
    pace.refused({ index: 1, sentAt: 10 }, now + 5_000, 5, undefined);
    expect(pace.rate).toBe(corrected);
  });

  test('say nothing about the rate if nothing was accepted', () => {
    const pace = learnedPace(100);
    const calls = Array.from({ length: 20 }, (_, index) => ({ index: index + 1, sentAt: 0 }));
    for (const call of calls) pace.sent(call);
    for (const [left, call] of calls.toReversed().entries()) pace.refused(call, 5, 19 - left, 20_000);
    expect(pace.rate).toBe(Number.POSITIVE_INFINITY);
    expect(pace.pausedUntil).toBe(20_005);
  });

  test('pause again one by one while nothing is accepted after a cut', () => {
    const { send, pace } = driver();
    send(100, 1_000, always);
    send(100, 110, never);
    const paused: number[] = [];
    for (let refusal = 0; refusal < 4; refusal++) {
      const before = pace.pausedUntil;
      send(0.5, 2_000, never);
      paused.push(Number(pace.pausedUntil > before));
    }
    expect(paused).toEqual([1, 1, 1, 1]);
    send(1, 3_000, always);
    const before = pace.pausedUntil;
    send(100, 30, never);
    expect(pace.pausedUntil).toBe(before);
  });

  test('pause longer and longer while nothing is accepted, at the same rate', () => {
    const { send, pace, perSecond } = driver();
    send(100, 1_000, always);
    send(100, 110, never);
    const rate = perSecond();
    let now = pace.pausedUntil;
    const pauses: number[] = [];
    for (let refusal = 0; refusal < 9; refusal++) {
      pace.advance(now, true);
      const call = { index: 1_000 + refusal, sentAt: now };
      pace.sent(call);
      pace.refused(call, now, 5, undefined);
      pauses.push(pace.pausedUntil - now);
      now = pace.pausedUntil;
    }
    expect(pauses.map(Math.round)).toEqual([100, 100, 200, 400, 800, 1_600, 6_400, 25_600, 60_000]);
    expect(perSecond()).toBe(rate);
  });

  test('of calls sent together pause once', () => {
    const { send, pace } = driver();
    send(100, 1_000, always);
    send(100, 110, never);
    const now = pace.pausedUntil;
    pace.advance(now, true);
    const calls = Array.from({ length: 40 }, (_, call) => ({ index: 1_000 + call, sentAt: now }));
    for (const call of calls) pace.sent(call);
    pace.refused(calls[0]!, now + 50, 39, undefined);
    const { pausedUntil } = pace;
    expect(pausedUntil).toBeGreaterThan(now + 50);
    for (const call of calls.slice(1)) pace.refused(call, now + 90, 5, undefined);
    expect(pace.pausedUntil).toBe(pausedUntil);
  });

  test('pause for what the server requests', () => {
    const { send, pace } = driver();
    send(100, 1_000, always);
    send(100, 110, never, 30_000);
    expect(pace.pausedUntil).toBeGreaterThan(31_000);
  });
});

describe('a limit', () => {
  test('is found within seconds and kept with few refusals', () => {
    const each = driver();
    each.send(200, 400, always);
    each.follow(100, 60_000);
    expect(each.perSecond()).toBeGreaterThan(85);
    expect(each.perSecond()).toBeLessThan(130);
  });

  test.each([
    ['what was accepted in the second before', 100, 0.78, 0.85],
    ['four fifths at a few calls a second, too few to measure', 10, 0.719, 0.721],
  ])('that falls is lowered to %s', (_what, perSecond, atLeast, atMost) => {
    const each = driver();
    each.send(perSecond, 2_000, always);
    each.send(perSecond, 20_000 / perSecond, never);
    const limit = each.perSecond() / 0.9;
    for (let second = 0; second < 20 && each.perSecond() < 0.95 * limit; second++)
      each.send(0.9 * limit, 1_000, always);
    expect(each.perSecond()).toBeCloseTo(0.99 * limit, 6);
    each.send(0.99 * limit, 1_000, always);
    for (let call = 0; call < 20 && each.perSecond() > 0.95 * limit; call++)
      each.send(0.99 * limit, 990 / limit, never);
    expect(each.perSecond() / limit).toBeGreaterThan(atLeast);
    expect(each.perSecond() / limit).toBeLessThan(atMost);
  });

  test('that is raised tenfold is found within half a minute', () => {
    const each = driver();
    each.send(60, 1_000, always);
    each.follow(50, 60_000);
    expect(each.perSecond()).toBeLessThan(70);
    each.follow(500, 45_000);
    expect(each.perSecond()).toBeGreaterThan(400);
  });

  test('that falls to a tenth is followed within a minute', () => {
    const each = driver();
    each.send(550, 1_000, always);
    each.follow(500, 20_000);
    each.follow(50, 40_000);
    expect(each.perSecond()).toBeLessThan(70);
    expect(each.perSecond()).toBeGreaterThan(35);
  });

  test('never falls below one call in five seconds', () => {
    const each = driver();
    each.send(20, 1_000, always);
    for (let round = 0; round < 100; round++) {
      each.send(20, 100, always);
      each.send(20, 2_000, never);
    }
    expect(each.perSecond()).toBeGreaterThanOrEqual(0.9 * 0.2);
  });

  test('is not raised while no call waits', () => {
    const { send, pace } = driver();
    send(100, 1_000, always);
    send(100, 110, never);
    const { rate } = pace;
    for (let second = 0; second < 600; second++) pace.advance(10_000 + 1_000 * second, false);
    expect(pace.rate).toBe(rate);
  });

  test('is not raised by a rate that nothing uses', () => {
    const each = driver();
    each.send(100, 1_000, always);
    each.send(100, 110, never);
    each.send(10, 300_000, always);
    // A probe was tried, and never counted as accepted.
    expect(each.perSecond()).toBeLessThan(1.3 * 100);
  });
});

describe('overload', () => {
  const overloadedPace = () => {
    const pace = learnedPace(100);
    let now = 0;
    for (let step = 0; step < 100; step++) {
      now += 10;
      pace.advance(now, true);
    }
    let index = 0;
    const send = () => {
      const call = { index: ++index, sentAt: now };
      pace.sent(call);
      return call;
    };
    return { pace, send, now };
  };

  test('cuts the calls in flight, not the rate, and pauses if the server asks for it', () => {
    const { pace, send, now } = overloadedPace();
    expect(pace.maxInFlight).toBe(100);
    for (let call = 0; call < 20 && pace.maxInFlight === 100; call++) pace.overloaded(send(), now, 60, 3_000);
    expect(pace.maxInFlight).toBe(54);
    expect(pace.rate).toBe(Number.POSITIVE_INFINITY);
    expect(pace.pausedUntil).toBe(now + 3_000);
  });

  test('is followed by more calls in flight, as answers come ten seconds later', () => {
    const { pace, send, now } = overloadedPace();
    for (let call = 0; call < 20 && pace.maxInFlight === 100; call++)
      pace.overloaded(send(), now, 60, undefined);
    for (let call = 0; call < 60; call++) pace.succeeded(send(), now + 9_999);
    expect(pace.maxInFlight).toBe(54);
    for (let call = 0; call < 60; call++) pace.succeeded(send(), now + 10_000);
    expect(pace.maxInFlight).toBe(55);
  });

  test('that is rare changes nothing', () => {
    const { pace, send, now } = overloadedPace();
    for (let call = 0; call < 5_000; call++) {
      const sent = send();
      if (call % 50 === 49) pace.overloaded(sent, now, 60, 3_000);
      else pace.succeeded(sent, now);
    }
    expect(pace.maxInFlight).toBe(100);
    expect(pace.pausedUntil).toBe(Number.NEGATIVE_INFINITY);
  });

  test('that stays whatever the number of calls stops cutting them', () => {
    const { pace, send } = overloadedPace();
    let now = 1_000;
    for (let call = 0; call < 20_000; call++) {
      now += 10;
      const sent = send();
      if (call % 5 === 4) pace.overloaded(sent, now, pace.maxInFlight, undefined);
      else pace.succeeded(sent, now);
    }
    expect(pace.maxInFlight).toBeGreaterThan(50);
  });
});

test('after an outage starts with four calls in flight', () => {
  const pace = learnedPace(100);
  for (let step = 0; step < 100; step++) pace.advance(10 * step, true);
  pace.restart();
  expect(pace).toMatchObject({ maxInFlight: 4, isStarting: true });
  pace.setConcurrency(2);
  expect(pace.maxInFlight).toBe(2);
});
