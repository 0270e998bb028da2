import { orAborted } from '../../internal/until-aborted.ts';
import type { ChatModel } from '../../models/chat-model.ts';

const LONG_MS = 3_600_000;

/** Lets calls through, or holds them while a run is paused. */
export interface PauseGate {
  close(): void;
  open(): void;
  /** A model whose calls wait at the gate. */
  guard(model: ChatModel): ChatModel;
}

/**
 * An open gate. It is the last step before the provider, because a call can have passed all others when the run is paused: a
 * free call passes them at once, and any other may be waiting for its budget.
 */
export function pauseGate(): PauseGate {
  let closed: PromiseWithResolvers<void> | undefined;
  let keepsAlive: ReturnType<typeof setInterval> | undefined;
  return {
    close() {
      closed ??= Promise.withResolvers();
      // With no call in flight, Node would exit although the program still waits to be resumed.
      keepsAlive ??= setInterval(() => {}, LONG_MS);
    },
    open() {
      clearInterval(keepsAlive);
      keepsAlive = undefined;
      closed?.resolve();
      closed = undefined;
    },
    guard: (model) => ({
      id: model.id,
      async generate(request, options = {}) {
        while (closed !== undefined) await orAborted(closed.promise, options.signal);
        return model.generate(request, options);
      },
    }),
  };
}
