interface Listening {
  readonly reactions: Set<() => void>;
  readonly listener: () => void;
}

const listening = new WeakMap<AbortSignal, Listening>();

/**
 * Calls `react` when the signal fires, unless the function it gives was called before. All who wait share one
 * listener: a signal looks through all its listeners whenever one is added, and with thousands of calls in flight
 * that takes longer than the calls.
 */
export function onAbort(signal: AbortSignal, react: () => void): () => void {
  let shared = listening.get(signal);
  if (shared === undefined) {
    const reactions = new Set<() => void>();
    shared = {
      reactions,
      listener: () => {
        for (const reaction of reactions) reaction();
      },
    };
    listening.set(signal, shared);
    signal.addEventListener('abort', shared.listener, { once: true });
  }
  const { reactions, listener } = shared;
  reactions.add(react);
  return () => {
    if (!reactions.delete(react) || reactions.size > 0) return;
    // With a listener, a signal made of others would live as long as they do.
    signal.removeEventListener('abort', listener);
    listening.delete(signal);
  };
}
