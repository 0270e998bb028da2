interface Waiter<Ticket> {
  readonly units: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (ticket: Ticket) => void;
  readonly reject: (reason: unknown) => void;
  previous: Waiter<Ticket> | undefined;
  next: Waiter<Ticket> | undefined;
}

/** First come, first served. Every operation takes the same time, however many wait. */
export interface WaitingLine<Ticket> {
  readonly size: number;
  /** Waits for its turn; rejects with the signal's reason as soon as it fires. */
  join(units: number, signal: AbortSignal | undefined): Promise<Ticket>;
  /** The units that the first one asked for. */
  firstUnits(): number;
  /** Serves the first one. */
  serve(ticket: Ticket): void;
  /** Turns all away. */
  rejectAll(reason: unknown): void;
}

export function waitingLine<Ticket>(onLeave: () => void): WaitingLine<Ticket> {
  let first: Waiter<Ticket> | undefined;
  let last: Waiter<Ticket> | undefined;
  let size = 0;
  // One listener a signal: removing one of many from a signal takes as long as it has listeners.
  const bySignal = new Map<
    AbortSignal,
    { readonly waiters: Set<Waiter<Ticket>>; readonly onAbort: () => void }
  >();

  function listen(signal: AbortSignal, waiter: Waiter<Ticket>): void {
    const known = bySignal.get(signal);
    if (known !== undefined) {
      known.waiters.add(waiter);
      return;
    }
    const waiters = new Set([waiter]);
    const onAbort = () => {
      for (const each of [...waiters]) {
        remove(each);
        each.reject(signal.reason);
      }
      onLeave();
    };
    bySignal.set(signal, { waiters, onAbort });
    signal.addEventListener('abort', onAbort);
  }

  function remove(waiter: Waiter<Ticket>): void {
    if (waiter.previous === undefined) first = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) last = waiter.previous;
    else waiter.next.previous = waiter.previous;
    size -= 1;
    const { signal } = waiter;
    const known = signal && bySignal.get(signal);
    if (!known) return;
    known.waiters.delete(waiter);
    if (known.waiters.size > 0) return;
    signal.removeEventListener('abort', known.onAbort);
    bySignal.delete(signal);
  }

  return {
    get size() {
      return size;
    },
    join: (units, signal) =>
      new Promise((resolve, reject) => {
        const waiter: Waiter<Ticket> = { units, signal, resolve, reject, previous: last, next: undefined };
        if (last === undefined) first = waiter;
        else last.next = waiter;
        last = waiter;
        size += 1;
        if (signal !== undefined) listen(signal, waiter);
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
