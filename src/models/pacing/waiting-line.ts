import { onAbort } from '../../internal/on-abort.ts';

interface Waiter<Ticket> {
  readonly units: number;
  readonly resolve: (ticket: Ticket) => void;
  readonly reject: (reason: unknown) => void;
  readonly stopListening: (() => void) | undefined;
  previous: Waiter<Ticket> | undefined;
  next: Waiter<Ticket> | undefined;
}

/** A first-in, first-out queue. Joining, serving and leaving take constant time. */
export interface WaitingLine<Ticket> {
  readonly size: number;
  /** Resolves when it is this waiter's turn. Rejects with the signal's reason as soon as it is aborted. */
  join(units: number, signal: AbortSignal | undefined): Promise<Ticket>;
  /** Units requested by the first waiter. */
  firstUnits(): number;
  /** Serves the first waiter. */
  serve(ticket: Ticket): void;
  /** Rejects all waiters. */
  rejectAll(reason: unknown): void;
}

/**
 * An empty queue.
 *
 * @param onEmpty called when the last waiter leaves by abort.
 */
export function waitingLine<Ticket>(onEmpty: () => void): WaitingLine<Ticket> {
  let first: Waiter<Ticket> | undefined;
  let last: Waiter<Ticket> | undefined;
  let size = 0;

  function remove(waiter: Waiter<Ticket>): void {
    if (waiter.previous === undefined) first = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) last = waiter.previous;
    else waiter.next.previous = waiter.previous;
    size -= 1;
    waiter.stopListening?.();
  }

  function leave(waiter: Waiter<Ticket>, reason: unknown): void {
    remove(waiter);
    waiter.reject(reason);
    if (size === 0) onEmpty();
  }

  return {
    get size() {
      return size;
    },
    join: (units, signal) =>
      new Promise((resolve, reject) => {
        const waiter: Waiter<Ticket> = {
          units,
          resolve,
          reject,
          stopListening: signal && onAbort(signal, () => leave(waiter, signal.reason)),
          previous: last,
          next: undefined,
        };
        if (last === undefined) first = waiter;
        else last.next = waiter;
        last = waiter;
        size += 1;
      }),
    firstUnits: () => first?.units ?? 0,
    serve(ticket) {
      if (first === undefined) return;
      const waiter = first;
      remove(waiter);
      waiter.resolve(ticket);
    },
    rejectAll(reason) {
      while (first !== undefined) {
        const waiter = first;
        remove(waiter);
        waiter.reject(reason);
      }
    },
  };
}
