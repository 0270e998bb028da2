import type { ChatModel } from '../../models/chat-model.ts';

/**
 * Ignores an abort once a call has been sent, since it is paid for by then. Calls of a free model are aborted at once.
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
