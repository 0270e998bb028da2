import type { ChatModel } from '../models/chat-model.ts';
import type { Ledger } from './ledger.ts';

/** Sends a call only when the ledger has room for the most it can cost, and books what it did cost. */
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
