import type { ChatModel, ChatRequest, ChatResponse } from '../../models/chat-model.ts';
import type { Spent } from '../journal/journal.ts';
import { accountOf, estimatedAccount } from './accounts.ts';
import { inputBound } from './ledger.ts';

/** What a call cost, and under which name it is booked. */
export type SpentOn = (request: ChatRequest, response: ChatResponse) => Spent;

/**
 * What the calls of a model cost. If its server counts no tokens, they are estimated from the texts, as high as they can be:
 * a budget would otherwise never end such a run. A prompt that was refused, and a model in this process, cost nothing.
 */
export function spentOn(model: ChatModel): SpentOn {
  const account = accountOf(model);
  return (request, { usage, text, finishReason }) => {
    const isCounted = usage.inputTokens + usage.outputTokens > 0;
    if (isCounted || model.free || finishReason === 'content-filter') return { model: account, usage };
    return {
      model: estimatedAccount(account),
      usage: {
        inputTokens: inputBound(request),
        cachedInputTokens: 0,
        outputTokens: Math.ceil(Buffer.byteLength(text) / 2),
      },
    };
  };
}
