import type { ChatModel } from '../models/chat-model.ts';
import type { Ledger } from './ledger.ts';

/** Reserves the maximum cost of a call in the ledger before sending it, and books the actual cost afterwards. */
export function budgeted(model: ChatModel, ledger: Ledger): ChatModel {
  return {
    id: model.id,
    async generate(request, options) {
      const reservation = await ledger.reserve(model.id, request);
      try {
        const response = await model.generate(request, options);
        reservation.settle(response.usage);
        return response;
      } catch (error) {
        reservation.settle(null);
        throw error;
      }
    },
  };
}
