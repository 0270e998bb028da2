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
 * An open gate. It stands right before the provider: a call that is free, or waited for its budget, has passed everything
 * else before the run was paused.
 */
export function pauseGate(): PauseGate {
  let closed: PromiseWithResolvers<void> | undefined;
  let keepsAlive: ReturnType<typeof setInterval> | undefined;
  return {
    close() {
      closed ??= Promise.withResolvers();
      // Without calls in flight, Node would take a program that waits for its own resumption for one that is done.
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
