import type { ChatModel } from '../models/chat-model.ts';

/**
 * Lets a call that was sent come to its end when the work around it is stopped: it is paid for by then. A model whose
 * calls are free is stopped at once.
 */
export function finishing(model: ChatModel): ChatModel {
  if (model.free) return model;
  return {
    id: model.id,
    generate(request, { signal, ...options } = {}) {
      signal?.throwIfAborted();
      return model.generate(request, options);
    },
  };
}
