import type { Job } from 'pg-boss';
import { RunStorageError } from '../../../errors.ts';
import type { ConcurrentMapOptions } from '../../../internal/concurrent-map.ts';
import { sleep } from '../../../internal/sleep.ts';
import { type Moment, moment } from '../../../internal/two-clocks.ts';
import { orAborted } from '../../../internal/until-aborted.ts';
import type { WorkList } from '../run-work.ts';
import type { Leases } from './leases.ts';
import { Pieces } from './pieces.ts';
import { soonAfter } from './until.ts';
import { type JobData, type QueuePlace, WorkQueue } from './work-queue.ts';

/** Jobs asked for at once. */
const MAX_FETCHED = 64;
/** Results of others read at once, so that they fit into memory. */
const MAX_RESULTS = 64;
/** How often an idle worker looks for jobs and results. */
const POLL_MS = 500;
/** How long an aborted worker still waits for the database. */
const GRACE_MS = 3_000;

/**
 * Does the work of a list together with other processes. Each item is a job: whoever is free takes the first one that is
 * open, and stores its result. Every process yields every result, its own and those of the others.
 */
export async function* sharedMap<Item, Result>(
  place: QueuePlace,
  leases: Leases,
  items: Iterable<Item> | AsyncIterable<Item>,
  list: WorkList<Item, Result>,
  { concurrency, live, order, signal: stop }: ConcurrentMapOptions,
): AsyncGenerator<Result> {
  stop?.throwIfAborted();
  const queue = await WorkQueue.join(place, list.name, list.setting());
  const ending = new AbortController();
  const signal = stop ? AbortSignal.any([stop, ending.signal]) : ending.signal;
  const pieces = new Pieces<Item, Result>(items, queue, list, order);
  const inProgress = new Set<Promise<void>>();
  const givenBack: Job<object>[] = [];
  /** Items that are played now. Storing a result does not hold up the next one. */
  let playing = 0;
  let failure: { readonly error: unknown } | undefined;

  function fail(error: unknown): void {
    if (signal.aborted) return;
    failure ??= { error };
    pieces.changed();
  }

  async function play(job: Job<JobData>, fetched: Moment): Promise<void> {
    const lease = leases.hold(queue.name, job, fetched);
    let isPlaying = true;
    playing += 1;
    const hasEnded = () => {
      if (isPlaying) playing -= 1;
      isPlaying = false;
      pieces.changed();
    };
    try {
      const piece = await pieces.begin(job.id, job.data.index, signal);
      if (piece === undefined) throw queue.differs();
      const result = await list.play(piece.item, AbortSignal.any([signal, lease.signal])).finally(() => {
        leases.drop(lease);
        hasEnded();
      });
      const isOurs = await queue.complete(job, JSON.stringify(result), list.isWhole?.(result) ?? true);
      // If another worker has taken over, its result holds for all.
      pieces.end(job.id, isOurs ? { result } : undefined);
    } catch (error) {
      leases.drop(lease);
      hasEnded();
      pieces.end(job.id);
      if (lease.signal.aborted && !signal.aborted) return;
      givenBack.push(job);
      fail(error);
    }
  }

  function start(job: Job<JobData>, fetched: Moment): void {
    const played = play(job, fetched).finally(() => inProgress.delete(played));
    inProgress.add(played);
  }

  /** Takes jobs while there is room. */
  async function takeJobs(): Promise<void> {
    while (!signal.aborted && !pieces.areDone) {
      const free = Math.min((live?.value ?? concurrency) - playing, MAX_FETCHED);
      if (free <= 0) {
        await pieces.change(signal);
        continue;
      }
      const fetched = moment();
      const jobs = await soonAfter(queue.fetch(free), signal, GRACE_MS);
      if (signal.aborted) givenBack.push(...jobs);
      else for (const job of jobs) start(job, fetched);
      if (jobs.length < free) await pieces.more(signal, POLL_MS);
    }
  }

  /** Reads the results of others. */
  async function collect(): Promise<void> {
    while (!signal.aborted && !pieces.areDone) {
      const missing = pieces.missing();
      const stored = missing.length === 0 ? [] : await orAborted(queue.results(missing, MAX_RESULTS), signal);
      for (const { id, text } of stored) {
        if (text === null) throw givenUp(list.name);
        const result = JSON.parse(text) as Result;
        const item = pieces.receive(id, result);
        if (item !== undefined) list.received?.(item, result);
      }
      if (stored.length < MAX_RESULTS) await sleep(POLL_MS, signal);
    }
  }

  const unlessAborted = (work: Promise<void>) => work.catch(fail);
  const background = [
    unlessAborted(pieces.read(signal)),
    unlessAborted(takeJobs()),
    unlessAborted(collect()),
  ];
  const onAbort = () => pieces.changed();
  signal.addEventListener('abort', onAbort);
  const stopListening = live?.onChange(() => pieces.changed());
  try {
    for (;;) {
      stop?.throwIfAborted();
      const ready = pieces.next();
      if (ready !== undefined) yield ready.result;
      else if (failure !== undefined) throw failure.error;
      else if (pieces.areDone) return;
      else await pieces.change(signal).catch(() => {});
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stopListening?.();
    ending.abort();
    await Promise.all(background);
    await Promise.all(inProgress);
    // Without the database, the jobs go to others when their leases are over.
    const leaving = Promise.all([queue.giveBack(givenBack), queue.leave()]);
    await soonAfter(leaving, signal, GRACE_MS).catch(() => {});
    await pieces.close();
  }
}

function givenUp(list: string): RunStorageError {
  return new RunStorageError(`A job of ${list} was given up after too many attempts.`, {
    hint: 'The processes that had it were all stopped in the middle of it. Start the program again.',
  });
}
