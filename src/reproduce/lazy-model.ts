import type { ChatModel } from '../models/chat-model.ts';

/** A model that is being served. */
export interface Served {
  readonly model: ChatModel;
  close(): Promise<void>;
}

/** A model that is served from its first call on. */
export interface LazyModel extends ChatModel {
  /** Ends the server, if there is one. A later call starts another. */
  close(): Promise<void>;
}

/**
 * A model that is served only if it is called: an evaluation that a run's journal answers in full needs no server.
 *
 * @param id Must change whenever the weights do, or the way in which they are served.
 */
export function lazyModel(id: string, serve: () => Promise<Served>): LazyModel {
  let serving: Promise<Served> | undefined;
  return {
    id,
    free: true,
    async generate(request, options) {
      serving ??= serve();
      const { model } = await serving;
      return model.generate(request, options);
    },
    async close() {
      const served = await serving?.catch(() => undefined);
      serving = undefined;
      await served?.close();
    },
  };
}
