import type { ChatModel } from '../../models/chat-model.ts';

/** Weights that are being served. */
export interface ServedWeights {
  /** The model, without a run around it. */
  readonly model: ChatModel;
  /** Ends the serving. */
  close(): Promise<void>;
}

/** A model that is served from its first call on: a run that holds all its answers never serves it. */
export interface LazyModel {
  readonly model: ChatModel;
  /** Ends the server, if there is one. A later call starts another. */
  close(): Promise<void>;
}

/**
 * @param id Says which weights they are and how they are served, before they are loaded.
 * @param onFailure Called if they cannot be served, as no other call would get further.
 */
export function lazyModel(
  id: string,
  serve: () => Promise<ServedWeights>,
  onFailure: (error: unknown) => void = () => {},
): LazyModel {
  let serving: Promise<ServedWeights> | undefined;
  return {
    model: {
      id,
      free: true,
      async generate(request, options) {
        if (serving === undefined) {
          serving = serve();
          serving.catch(onFailure);
        }
        return (await serving).model.generate(request, options);
      },
    },
    async close() {
      const served = await serving?.catch(() => undefined);
      serving = undefined;
      await served?.close();
    },
  };
}
