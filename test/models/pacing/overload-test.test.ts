import { describe, expect, test } from 'vitest';
import { type OverloadTest, overloadTest } from '../../../src/models/pacing/overload-test.ts';
import { strayTest } from '../../../src/models/pacing/stray-test.ts';

/** Sends calls of which every n-th meets an overloaded server, and says which of them were too many. */
function cuts(overloads: OverloadTest, every: number, from: number, to: number): number[] {
  const found: number[] = [];
  for (let index = from; index <= to; index++) {
    overloads.sent(index);
    if (index % every === 0 && overloads.overloaded(index, 0)) found.push(index);
  }
  return found;
}

describe('an overloaded server', () => {
  test('has too many calls in flight after four overloads in a row', () => {
    const overloads = overloadTest();
    for (let index = 1; index <= 10; index++) overloads.sent(index);
    expect([1, 2, 3, 4].map((index) => overloads.overloaded(index, 0))).toEqual([false, false, false, true]);
  });

  test('says nothing new with calls sent before the cut', () => {
    const overloads = overloadTest();
    for (let index = 1; index <= 10; index++) overloads.sent(index);
    for (let index = 1; index <= 4; index++) overloads.overloaded(index, 0);
    for (let index = 11; index <= 14; index++) overloads.sent(index);
    for (let index = 5; index <= 10; index++) expect(overloads.overloaded(index, 0)).toBe(false);
    expect([11, 12, 13, 14].map((index) => overloads.overloaded(index, 0))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('needs one more overload for every twenty calls a second', () => {
    const overloads = overloadTest();
    for (let index = 1; index <= 20; index++) overloads.sent(index);
    const found = Array.from({ length: 10 }, (_, at) => overloads.overloaded(at + 1, 100));
    expect(found.indexOf(true)).toBe(8);
  });

  test('may be rarely so without a cut', () => {
    expect(cuts(overloadTest(), 50, 1, 20_000)).toEqual([]);
  });

  test('is known to be so whatever the number of calls, by its share right after a cut', () => {
    const overloads = overloadTest();
    const early = cuts(overloads, 5, 1, 2_000);
    const late = cuts(overloads, 5, 2_001, 20_000);
    expect(early.length).toBeGreaterThan(3);
    expect(late).toEqual([]);
    // Twice that share is still found.
    expect(cuts(overloads, 1, 20_001, 20_020).length).toBeGreaterThan(0);
  });

  test('is known by its share of exactly the first two hundred calls after a cut', () => {
    const overloads = overloadTest();
    const known = strayTest();
    known.learn(10, 200);
    overloads.sent(4);
    for (const last of [1, 2, 3, 4]) expect(overloads.overloaded(4, 0)).toBe(last === 4);
    // One of each twenty, the two hundredth too, and then none for a while.
    for (let call = 1; call <= 1_000; call++) {
      overloads.sent(4 + call);
      if (call <= 200 && call % 20 === 0) expect(overloads.overloaded(4 + call, 0)).toBe(false);
    }
    for (const last of [1, 2, 3, 4]) expect(overloads.overloaded(1_004, 0)).toBe(last === 4);
    // What is known shows in the number of overloads that ten thousand calls outweigh.
    const load = 24_000;
    const refused = () => {
      const isCut = known.refused(load);
      expect(overloads.overloaded(11_004, load)).toBe(isCut);
      return isCut;
    };
    for (let index = 1_005; index <= 11_004; index++) overloads.sent(index);
    for (let overload = 0; overload < 1_200; overload++) refused();
    for (let call = 0; call < 10_000; call++) {
      overloads.sent(11_004);
      known.sent();
    }
    while (!refused());
  });

  test('is not taken for that by what happens long after a cut', () => {
    const overloads = overloadTest();
    let index = 0;
    const send = (calls: number, isOverloaded: boolean) => {
      let found = 0;
      for (let call = 0; call < calls; call++) {
        overloads.sent(++index);
        if (isOverloaded && overloads.overloaded(index, 0)) found += 1;
      }
      return found;
    };
    for (let round = 0; round < 50; round++) {
      // As if every cut helped: 250 calls without overload, then one in ten until the next cut.
      send(250, false);
      let cut = 0;
      for (let tens = 0; cut === 0 && tens < 20; tens++) {
        send(9, false);
        cut = send(1, true);
      }
      expect(cut).toBe(1);
    }
  });
});
