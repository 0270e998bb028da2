/** The pacer's source of time. Tests replace it. */
export interface Clock {
  /** Monotonic time in milliseconds. Unlike the wall clock, it must never jump. */
  now(): number;
  /** Calls back once after `ms`. Returns a function that cancels the callback. */
  after(ms: number, callback: () => void): () => void;
}

/** The process's own monotonic clock. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
