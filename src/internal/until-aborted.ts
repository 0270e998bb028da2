import { onAbort } from './on-abort.ts';

/**
 * Yields the items of `source` until the signal fires. Then it throws the signal's reason at once, even while the next
 * item is pending, and closes the source.
 */
export async function* untilAborted<Item>(
  source: Iterable<Item> | AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let state: 'idle' | 'waiting' | 'finished' = 'idle';
  try {
    for (;;) {
      signal?.throwIfAborted();
      state = 'waiting';
      const step = await orAborted(Promise.resolve(iterator.next()), signal);
      state = step.done ? 'finished' : 'idle';
      if (step.done) return;
      yield step.value;
    }
  } finally {
    if (state !== 'finished') {
      const stopped = Promise.resolve(iterator.return?.());
      // A source that hangs in `next` would never respond, and one that failed there has already thrown.
      if (state === 'waiting') stopped.catch(() => {});
      else await stopped;
    }
  }
}

/**
 * Settles as the promise does, or rejects with the signal's reason as soon as it fires, or if it has fired. Not `Promise.race` with one shared
 * promise for the signal: that would keep every item in memory.
 */
export function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  // A signal that has fired tells nobody again.
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(signal.reason));
    promise.then(
      (value) => {
        stopListening();
        resolve(value);
      },
      (error) => {
        stopListening();
        reject(error);
      },
    );
  });
}
