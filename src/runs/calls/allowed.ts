import type { ChatModel } from '../../models/chat-model.ts';
import { estimateTokens } from '../../models/pacing/paced.ts';
import type { Allowance } from '../run-store.ts';

/** Holds each call back until the rate limits that the processes of the run share allow it. */
export function allowed(model: ChatModel, allowance: Allowance): ChatModel {
  return {
    id: model.id,
    server: model.server,
    async generate(request, options = {}) {
      const tokens = estimateTokens(request);
      await allowance.take(tokens, options.signal);
      const response = await model.generate(request, options);
      allowance.settle(tokens, response.usage);
      return response;
    },
  };
}
