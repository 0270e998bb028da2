import type { ChatModel } from '../../models/chat-model.ts';
import type { RunStore } from '../run-store.ts';

/** Has the store check, right before a call is sent, that this process still holds the work it belongs to. */
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
