import { onAbort } from '../../../internal/on-abort.ts';

/** Something that happens again and again, and that several wait for. */
export interface Until {
  happened(): void;
  /**
   * Resolves when it happens next, or when the time is over. On abort, the signal's reason is thrown.
   *
   * @param withinMs Default: no limit.
   */
  next(signal: AbortSignal, withinMs?: number): Promise<void>;
}

export function until(): Until {
  const waiting = new Set<() => void>();
  return {
    happened() {
      for (const resolve of [...waiting]) resolve();
    },
    next: (signal, withinMs) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const timer = withinMs === undefined ? undefined : setTimeout(() => end(), withinMs);
        const stopListening = onAbort(signal, () => {
          stop();
          reject(signal.reason);
        });
        function stop(): void {
          waiting.delete(end);
          clearTimeout(timer);
        }
        function end(): void {
          stop();
          stopListening();
          resolve();
        }
        waiting.add(end);
      }),
  };
}

/** Settles as the promise does. After an abort only for a moment longer: then the signal's reason is thrown. */
export async function soonAfter<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  graceMs: number,
): Promise<Value> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => reject(signal.reason), graceMs);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', begin);
  }
}
