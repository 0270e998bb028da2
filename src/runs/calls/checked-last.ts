import type { ChatModel } from '../../models/chat-model.ts';
import type { RunStore } from '../run-store.ts';

/** Asks the store, right before a call is sent, whether its work is still this process's own. */
export function checkedLast(model: ChatModel, beforeSend: RunStore['beforeSend']): ChatModel {
  if (beforeSend === undefined) return model;
  return {
    id: model.id,
    async generate(request, options = {}) {
      await beforeSend(options.signal);
      return model.generate(request, options);
    },
  };
}
