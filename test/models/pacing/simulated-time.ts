import type { Clock } from '../../../src/models/pacing/clock.ts';

/** A simulated clock that jumps from one due callback to the next. */
export interface SimulatedTime extends Clock {
  sleep(ms: number): Promise<void>;
  /** Advances until nothing is due, or until the given time. */
  run(until?: number): Promise<void>;
  /** Number of callbacks that are due later. */
  readonly pending: number;
}

interface Due {
  readonly time: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** @param maxCallbacks `run` fails after this many callbacks: something goes on for ever. Default: never. */
export function simulatedTime(start = 0, maxCallbacks: number = Number.POSITIVE_INFINITY): SimulatedTime {
  const heap: Due[] = [];
  let now = start;
  let orders = 0;
  let pending = 0;

  function after(ms: number, callback: () => void): () => void {
    const due: Due = { time: now + Math.max(0, ms), order: orders++, callback, cancelled: false };
    push(heap, due);
    pending += 1;
    return () => {
      if (!due.cancelled) pending -= 1;
      due.cancelled = true;
    };
  }

  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    get pending() {
      return pending;
    },
    async run(until = Number.POSITIVE_INFINITY) {
      await settle();
      let callbacks = 0;
      while (heap.length > 0 && heap[0]!.time <= until) {
        const due = pop(heap);
        if (due.cancelled) continue;
        if (++callbacks > maxCallbacks) throw new Error(`The simulation goes on at ${now} ms.`);
        due.cancelled = true;
        pending -= 1;
        now = due.time;
        due.callback();
        if (heap[0]?.time !== now) await settle();
      }
      if (Number.isFinite(until)) now = Math.max(now, until);
    },
  };
}

/** Waits until every promise that can settle has settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const before = (a: Due, b: Due) => a.time < b.time || (a.time === b.time && a.order < b.order);

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(due, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): Due {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
    if (!before(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}
