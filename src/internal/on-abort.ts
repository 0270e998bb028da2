interface Listening {
  readonly reactions: Set<() => void>;
  readonly listener: () => void;
}

const listening = new WeakMap<AbortSignal, Listening>();

/**
 * Calls `react` when the signal fires. All callers share one listener: adding a listener searches all existing ones,
 * which with thousands of calls in flight would take longer than the calls.
 *
 * @returns a function that stops listening.
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
    // As long as it has a listener, `AbortSignal.any` keeps a signal alive with its sources.
    signal.removeEventListener('abort', listener);
    listening.delete(signal);
  };
}
