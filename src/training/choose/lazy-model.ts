import type { ChatModel } from '../../models/chat-model.ts';

/** A checkpoint that is being served. */
export interface OpenedCheckpoint {
  /** The model, without a run around it. */
  readonly model: ChatModel;
  /** Ends the serving. */
  close(): Promise<void>;
}

/** A model that is opened by its first call: a run that holds all its answers never opens it. */
export interface LazyModel {
  readonly model: ChatModel;
  /** Closes what was opened. */
  close(): Promise<void>;
}

/**
 * @param id Says which weights they are, before they are loaded.
 * @param onFailure Called if it cannot be opened, as no other call would get further.
 */
export function lazyModel(
  id: string,
  open: () => Promise<OpenedCheckpoint>,
  onFailure: (error: unknown) => void,
): LazyModel {
  let opening: Promise<OpenedCheckpoint> | undefined;
  return {
    model: {
      id,
      free: true,
      async generate(request, options) {
        if (opening === undefined) {
          opening = open();
          opening.catch(onFailure);
        }
        return (await opening).model.generate(request, options);
      },
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.close();
    },
  };
}
