import type { ChatModel } from '../../models/chat-model.ts';
import { accountOf } from '../spending/accounts.ts';
import type { Ledger } from '../spending/ledger.ts';
import { spentOn } from '../spending/spent-on.ts';

/**
 * Reserves the maximum cost of a call in the ledger before sending it, and books the actual cost afterwards.
 *
 * @param bare The same model without wrappers. It says where its calls are booked.
 */
export function budgeted(model: ChatModel, ledger: Ledger, bare: ChatModel): ChatModel {
  const account = accountOf(bare);
  const spentFor = spentOn(bare);
  return {
    id: model.id,
    async generate(request, options) {
      const reservation = await ledger.reserve(account, request);
      try {
        const response = await model.generate(request, options);
        const spent = spentFor(request, response);
        reservation.settle(spent.usage, spent.model);
        return response;
      } catch (error) {
        reservation.settle(null);
        throw error;
      }
    },
  };
}
