/** Time as the pacer sees it. Replaced in tests. */
export interface Clock {
  /** Milliseconds that only ever grow; the wall clock may jump, this must not. */
  now(): number;
  /** Calls back once after `ms`; the function it returns takes that back. */
  after(ms: number, callback: () => void): () => void;
}

export const monotonicClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
