import { strayTest } from './stray-test.ts';

/** Calls after a cut of the calls in flight whose overloads are no result of their number. */
const CALM_CALLS = 200;

/**
 * Tells a server that has too many calls in flight from one that fails a share of them whatever their number: that share is
 * measured right after a cut.
 */
export interface OverloadTest {
  /** The call with this number is sent. */
  sent(index: number): void;
  /**
   * The server was too busy for a call.
   *
   * @param load calls per second.
   * @returns whether the calls in flight are too many.
   */
  overloaded(index: number, load: number): boolean;
}

/** A test that knows no overload. */
export function overloadTest(): OverloadTest {
  const overloads = strayTest();
  let lastIndex = 0;
  /** The last call sent before the calls in flight were cut. */
  let cut = Number.NEGATIVE_INFINITY;
  /** The first calls after it. */
  let calm = { calls: 0, overloads: 0 };
  return {
    sent(index) {
      lastIndex = index;
      overloads.sent();
      if (index <= cut + CALM_CALLS) calm.calls += 1;
    },
    overloaded(index, load) {
      if (index <= cut) return false;
      if (index <= cut + CALM_CALLS) calm.overloads += 1;
      if (!overloads.refused(load)) return false;
      overloads.learn(calm.overloads, calm.calls);
      calm = { calls: 0, overloads: 0 };
      overloads.restart();
      cut = lastIndex;
      return true;
    },
  };
}
