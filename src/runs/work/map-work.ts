import { type ConcurrentMapOptions, concurrentMap, type LiveNumber } from '../../internal/concurrent-map.ts';
import type { Run } from '../run-contract.ts';
import type { WorkList } from './run-work.ts';

/**
 * Does pieces of work concurrently and yields their results, in this process or together with others that share the run.
 * Slow readers, failures and aborts are treated as by `concurrentMap`.
 */
export function mapWork<Item, Result>(
  run: Run,
  items: Iterable<Item> | AsyncIterable<Item>,
  list: WorkList<Item, Result>,
  options: ConcurrentMapOptions,
): AsyncGenerator<Result> {
  const play = (item: Item, signal: AbortSignal) => {
    const playItem = () => list.play(item, signal);
    return (list.work && run.within?.(list.work(item), playItem)) ?? playItem();
  };
  const live = { ...options, live: liveConcurrency(run, options) };
  return run.shared?.map(items, { ...list, play }, live) ?? concurrentMap(items, play, live);
}

/** Work with the run's concurrency follows it when it is retuned. Work with one of its own keeps that. */
function liveConcurrency(run: Run, { concurrency }: ConcurrentMapOptions): LiveNumber | undefined {
  const { steering } = run;
  if (steering === undefined || concurrency !== run.concurrency) return undefined;
  return {
    get value() {
      return steering.settings.concurrency;
    },
    onChange: steering.onChange,
  };
}
