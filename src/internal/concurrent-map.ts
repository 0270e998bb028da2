/** A number that may change while work goes on. */
export interface LiveNumber {
  readonly value: number;
  /** Calls back after each change. Returns a function that stops the calls. */
  onChange(react: () => void): () => void;
}

export interface ConcurrentMapOptions {
  /** Items processed at the same time. */
  readonly concurrency: number;
  /** The number of items while it may change. Default: it stays `concurrency`. */
  readonly live?: LiveNumber | undefined;
  /**
   * Number of items, if it is known and twice as many may be processed at the same time at the end. The last ones then start
   * early: without them, places would stay empty while the slowest items end. Default: no more than `concurrency`.
   */
  readonly size?: number | undefined;
  /** Yield results as they finish, or in the order of the items. */
  readonly order: 'finish' | 'input';
  readonly signal?: AbortSignal | undefined;
}

/** Finished results, per worker, that may wait for a slow one before them. */
const WAITING_PER_WORKER = 4;

/**
 * Processes items concurrently and yields the results. It takes new items only while the reader asks for results, so a
 * slow reader slows the work down. A slow source does not delay results that are ready. When the reader leaves the
 * loop, an item fails or the signal fires, work in progress is aborted. An abort throws the signal's reason.
 */
export async function* concurrentMap<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: ConcurrentMapOptions,
): AsyncGenerator<Result> {
  const { concurrency: first, live, order, size = Number.POSITIVE_INFINITY } = options;
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const inProgress = new Set<Promise<void>>();
  const finished = new Map<number, Result>();
  let failure: { readonly error: unknown } | undefined;
  let taken = 0;
  let given = 0;
  let taking = false;
  let exhausted = false;
  // Not `Promise.race`: this way every failure has a handler, even while the reader is busy.
  let wake = () => {};
  const fail = (error: unknown) => {
    failure ??= { error };
  };

  function hasRoom(): boolean {
    const concurrency = live?.value ?? first;
    const isEnd = size - taken <= concurrency;
    return (
      inProgress.size < (isEnd ? 2 * concurrency : concurrency) &&
      finished.size < concurrency * WAITING_PER_WORKER
    );
  }

  async function perform(item: Item): Promise<void> {
    const index = taken++;
    try {
      finished.set(index, await work(item, signal));
    } catch (error) {
      fail(error);
    }
  }

  function start(item: Item): void {
    const running = perform(item).then(() => {
      inProgress.delete(running);
      wake();
    });
    inProgress.add(running);
  }

  async function take(): Promise<void> {
    taking = true;
    try {
      while (hasRoom() && failure === undefined && !signal.aborted) {
        const { done, value } = await source.next();
        if (done) exhausted = true;
        else if (!signal.aborted) start(value);
        if (done) break;
      }
    } catch (error) {
      exhausted = true;
      fail(error);
    }
    taking = false;
    wake();
  }

  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  const stopListening = live?.onChange(() => wake());
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      if (!taking && !exhausted && failure === undefined && hasRoom()) void take();
      const ready = order === 'input' ? given : finished.keys().next().value;
      if (ready !== undefined && finished.has(ready)) {
        const result = finished.get(ready)!;
        finished.delete(ready);
        given += 1;
        yield result;
      } else if (failure !== undefined) {
        throw failure.error;
      } else if (inProgress.size > 0 || taking) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (exhausted) {
        return;
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stopListening?.();
    ending.abort();
    await Promise.all(inProgress);
    if (!exhausted) {
      const stopped = Promise.resolve(source.return?.());
      // A source that hangs in `next` would never respond.
      if (taking) stopped.catch(() => {});
      else await stopped;
    }
  }
}
