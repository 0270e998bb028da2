import { onAbort } from './on-abort.ts';

/**
 * Passes on what `source` gives until the signal fires; then throws the signal's reason at once, also while the
 * next item is still being made, and tells the source to stop.
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
      // A source that hangs in `next` would never answer; one that failed there has nothing more to say.
      if (state === 'waiting') stopped.catch(() => {});
      else await stopped;
    }
  }
}

/**
 * What the promise gives, or the signal's reason as soon as it fires. A promise of each wait's own: one `Promise.race`
 * partner for all of them would keep every item alive.
 */
export function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(stopListening);
  });
}
