import type { ChatModel } from '../models/chat-model.ts';
import type { Ledger } from './ledger.ts';

/**
 * Reserves the maximum cost of a call in the ledger before sending it, and books the actual cost afterwards.
 *
 * @param account Where it is booked.
 */
export function budgeted(model: ChatModel, ledger: Ledger, account: string): ChatModel {
  return {
    id: model.id,
    async generate(request, options) {
      const reservation = await ledger.reserve(account, request);
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
