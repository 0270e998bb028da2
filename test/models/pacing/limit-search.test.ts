import { describe, expect, test } from 'vitest';
import { inFlightLimit } from '../../../src/models/pacing/in-flight-limit.ts';
import { type Congestion, limitSearch } from '../../../src/models/pacing/limit-search.ts';
import { strayTest } from '../../../src/models/pacing/stray-test.ts';

/** A search, and a server that refuses every n-th call. Time goes on as calls are sent. */
function setUp() {
  const refusals = strayTest();
  const inFlight = inFlightLimit(100);
  for (let step = 0; step < 20; step++) inFlight.advance(20);
  const search = limitSearch(refusals, inFlight);
  let now = 0;
  let index = 0;
  const each = {
    search,
    inFlight,
    refusals,
    get now() {
      return now;
    },
    get index() {
      return index;
    },
    /** Calls per second. */
    rate: () => Math.round(1e6 * search.rate) / 1_000,
    /** Sends so many calls a second for so long, and answers each at once, unless it is one of `every`. */
    send(perSecond: number, seconds: number, every = Number.POSITIVE_INFINITY, holds = 50): void {
      for (let call = 1; call <= perSecond * seconds; call++) {
        now += 1_000 / perSecond;
        search.advance(now, 1_000 / perSecond);
        search.sent(++index);
        if (call % every === 0) search.refused({ index, sentAt: now }, holds);
        else search.succeeded(index);
      }
    },
    /** Refusals are too many: so many calls were accepted in the second before. */
    lower(accepted: number, more: Partial<Congestion> = {}): void {
      search.lower({ now, inFlight: 50, accepted, isMeasured: true, askedMs: 0, ...more });
    },
    /** Lets time pass without calls that wait. */
    idle(ms: number): void {
      now += ms;
      search.advance(now, 0);
    },
  };
  return each;
}

/** A limit of 100 calls a second that was found, and is held. */
function atLimit() {
  const each = setUp();
  each.send(100, 1);
  each.lower(100);
  each.send(90, 2.2);
  expect(each.rate()).toBe(99);
  return each;
}

/** The same, with the first round beyond it just begun. */
function beyondLimit() {
  const each = atLimit();
  each.send(99, 5.1);
  expect(each.rate()).toBe(125);
  return each;
}

describe('a search for a limit', () => {
  test('knows none at first, whatever is sent', () => {
    const { search, send } = setUp();
    send(500, 60);
    expect(search).toMatchObject({ rate: Number.POSITIVE_INFINITY, isLow: false });
  });

  test('goes below the first limit for two rounds of a second, then just below it for 5 s, then beyond', () => {
    const each = setUp();
    each.send(100, 1);
    each.lower(100);
    each.send(100, 0.5);
    const rates: number[] = [];
    for (let second = 0; second < 8; second++) {
      if (second > 0) each.send(100, 1);
      rates.push(each.rate());
      expect(each.search.isLow).toBe(second < 2);
    }
    expect(rates).toEqual([90, 90, 99, 99, 99, 99, 99, 125]);
  });

  test('ends the initial growth of the calls in flight where the first limit shows', () => {
    const each = setUp();
    each.send(100, 1);
    each.lower(100);
    expect(each.inFlight).toMatchObject({ calls: 50, isStarting: false });
  });

  test('waits below a limit for an answer', () => {
    const each = setUp();
    each.send(100, 1);
    each.lower(100);
    each.send(100, 5, 1);
    expect(each.search.isLow).toBe(true);
    expect(each.rate()).toBe(90);
  });

  test('goes on only while calls wait', () => {
    const each = atLimit();
    each.send(99, 4.5);
    for (let minute = 0; minute < 10; minute++) each.idle(60_000);
    expect(each.rate()).toBe(99);
    each.send(99, 0.6);
    expect(each.rate()).toBe(125);
  });

  test('never goes below one call in five seconds', () => {
    const each = setUp();
    each.lower(0);
    expect(each.rate()).toBe(0.18);
  });
});

describe('a round beyond the limit', () => {
  test('that is accepted raises it, and each one after goes one and a half times as far', () => {
    const each = beyondLimit();
    each.send(125, 1.02);
    expect(each.rate()).toBeCloseTo(1.5 * 125, 6);
    each.send(187.5, 1.02);
    expect(each.rate()).toBeCloseTo(1.5 * 187.5, 2);
  });

  test('that was not used says nothing: the same is tried again', () => {
    const each = beyondLimit();
    each.send(50, 10);
    expect(each.rate()).toBe(125);
    each.send(125, 1.02);
    each.send(50, 10);
    expect(each.rate()).toBeCloseTo(1.5 * 125, 6);
  });

  test.each<[string, number, boolean, number]>([
    ['rises a little if more was accepted', 104, true, 104],
    ['stays if about as much was accepted', 90, true, 100],
    ['falls half-way if far less was accepted', 50, true, 75],
    ['stays if nothing could be measured', 50, false, 100],
  ])('that is refused: the limit %s', (_what, accepted, isMeasured, limit) => {
    const each = beyondLimit();
    each.send(125, 0.5);
    each.lower(accepted, { isMeasured });
    expect(each.rate()).toBeCloseTo(0.9 * limit, 6);
    expect(each.inFlight.calls).toBeGreaterThanOrEqual(50);
  });

  test('that is refused after one that was accepted takes that one back', () => {
    const each = beyondLimit();
    each.send(125, 1.02);
    each.send(187, 0.5);
    each.lower(90);
    // Half-way between 125 and 90.
    expect(each.rate()).toBeCloseTo(0.9 * 107.5, 6);
  });

  test('that was not used and is refused all the same is as good as one at the limit', () => {
    const each = beyondLimit();
    each.send(20, 1);
    each.lower(50);
    expect(each.rate()).toBeCloseTo(0.9 * 50, 6);
  });

  test('comes after twice as long if the limit was the same, and later still if the server asks for pauses', () => {
    const secondsHeld = (askedMs: number) => {
      const each = atLimit();
      const held: number[] = [];
      for (let round = 0; round < 6; round++) {
        let seconds = 0;
        for (; each.rate() === 99; seconds++) each.send(99, 1);
        held.push(seconds);
        each.lower(100, { askedMs });
        while (each.search.isLow) each.send(90, 1);
      }
      return held;
    };
    const held = secondsHeld(0);
    expect(held[1]).toBeGreaterThanOrEqual(9);
    expect(held[1]).toBeLessThanOrEqual(12);
    expect(held.at(-1)).toBeLessThanOrEqual(33);
    expect(secondsHeld(60_000).at(-1)).toBeGreaterThan(100);
  });
});

describe('refusals at the limit', () => {
  test.each<[string, number, boolean, number, number]>([
    ['fall back to what was accepted', 90, true, 90, 50],
    ['cut the calls in flight too if that is far less', 70, true, 70, 45],
    ['take half at most', 10, true, 50, 45],
    ['take a fifth if nothing could be measured', 90, false, 80, 45],
  ])('%s', (_what, accepted, isMeasured, limit, inFlight) => {
    const each = atLimit();
    each.lower(accepted, { isMeasured });
    expect(each.rate()).toBeCloseTo(0.9 * limit, 6);
    expect(each.search.isLow).toBe(true);
    expect(each.inFlight.calls).toBe(inFlight);
  });

  test('that are not too many, but more than 2 %, lower it by their share', () => {
    const each = atLimit();
    each.send(99, 5.1, 20);
    expect(each.rate() / 1.25).toBeGreaterThan(94);
    expect(each.rate() / 1.25).toBeLessThan(96);
    const few = atLimit();
    few.send(99, 5.1, 100);
    expect(few.rate()).toBe(125);
  });
});

describe('refusals below the limit', () => {
  /** In the second round below a limit of 100. */
  const dipping = () => {
    const each = setUp();
    each.send(100, 1);
    each.lower(100);
    each.send(90, 1.02);
    return each;
  };

  test('lead to a trial at three quarters of it', () => {
    const each = dipping();
    each.send(90, 1.02, 5);
    expect(each.rate()).toBeCloseTo(0.9 * 75, 6);
    expect(each.search.isLow).toBe(true);
  });

  test('that follow the rate are strays: the limit is back after two trials, and their share is known', () => {
    const each = dipping();
    for (let second = 0; second < 12 && each.search.isLow; second++) {
      each.send(Math.round(each.rate()), 1, 10);
    }
    expect(each.rate()).toBe(99);
    expect(each.refusals.noise).toBeGreaterThan(0.05);
  });

  test('that do not come of a limit on calls in flight, which is cut with the rate', () => {
    const each = dipping();
    each.send(90, 1.02, 2);
    expect(each.inFlight.calls).toBe(50);
    // As many as before are accepted: 45 a second.
    while (each.rate() === 67.5) each.send(67.5, 0.1, 3, 40);
    expect(each.inFlight.calls).toBe(36);
    expect(each.rate()).toBeLessThan(0.9 * 60);
    expect(each.search.isLow).toBe(true);
  });

  test('that go on are judged as soon as 20 calls are known', () => {
    const each = dipping();
    each.send(90, 0.1, 2);
    each.search.stay();
    expect(each.rate()).toBe(90);
    each.send(90, 0.2, 2);
    each.search.stay();
    expect(each.rate()).toBeCloseTo(0.9 * 75, 6);
  });

  test('right after the cut, before the window has passed, say nothing', () => {
    const each = setUp();
    each.send(100, 1);
    each.lower(100);
    each.send(90, 0.9, 2);
    each.search.stay();
    expect(each.rate()).toBe(90);
  });
});

describe('a late refusal of a call sent before a cut', () => {
  /** A cut after 100 calls, ten of which are not known to be accepted yet. */
  const cut = (more: Partial<Congestion> = {}, accepted = 100) => {
    const each = setUp();
    each.send(100, 1);
    each.lower(accepted, more);
    return each;
  };

  test('takes one call off what was accepted in the second before', () => {
    const each = cut();
    expect(each.search.refused({ index: 50, sentAt: 500 }, 9)).toBe(false);
    expect(each.rate()).toBeCloseTo(0.9 * 99, 6);
    expect(each.search.refused({ index: 100, sentAt: 999 }, 9)).toBe(false);
    expect(each.rate()).toBeCloseTo(0.9 * 98, 6);
  });

  test('of longer ago changes nothing', () => {
    const each = cut();
    expect(each.search.refused({ index: 1, sentAt: 0 }, 9)).toBe(false);
    expect(each.rate()).toBe(90);
  });

  test('changes nothing where nothing was measured', () => {
    const each = cut({ isMeasured: false });
    each.search.refused({ index: 50, sentAt: 500 }, 9);
    expect(each.rate()).toBe(90);
  });

  test('changes nothing once it has shown that it is still the same limit', () => {
    const each = cut();
    each.search.stay();
    each.search.refused({ index: 50, sentAt: 500 }, 9);
    expect(each.rate()).toBe(90);
  });

  test('and one of a call sent after it is news', () => {
    const each = cut();
    each.search.sent(101);
    expect(each.search.refused({ index: 101, sentAt: 1_010 }, 9)).toBe(true);
  });

  test('takes the cut back if nothing was accepted at all', () => {
    const each = cut({}, 2);
    each.search.refused({ index: 50, sentAt: 500 }, 9);
    expect(each.search.isLow).toBe(true);
    each.search.refused({ index: 51, sentAt: 510 }, 9);
    expect(each.search).toMatchObject({ rate: Number.POSITIVE_INFINITY, isLow: false });
    // A further one finds nothing to take back.
    each.lower(80);
    each.search.refused({ index: 1, sentAt: 10 }, 9);
    expect(each.rate()).toBeCloseTo(0.9 * 79, 6);
  });

  test('then goes back to the limit before', () => {
    const each = atLimit();
    each.lower(1);
    expect(each.rate()).toBeCloseTo(0.9 * 50, 6);
    each.search.refused({ index: each.index, sentAt: each.now }, 9);
    expect(each.rate()).toBe(99);
  });

  test('leaves the phase as it is once calls go out below the limit for long', () => {
    const each = atLimit();
    const { index, now } = each;
    each.lower(1);
    each.send(50, 1.1);
    each.search.refused({ index, sentAt: now }, 9);
    expect(each.rate()).toBe(90);
  });
});
