import { onAbort } from '../../internal/on-abort.ts';

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

/** Waits on a clock. Rejects with the signal's reason as soon as it fires. Leaves no timer or listener behind. */
export function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const cancel = clock.after(ms, () => {
      stopListening?.();
      resolve();
    });
    const stopListening =
      signal &&
      onAbort(signal, () => {
        cancel();
        reject(signal.reason);
      });
  });
}
