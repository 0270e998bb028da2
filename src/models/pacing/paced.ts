import type { ChatModel, ChatRequest } from '../chat-model.ts';
import type { Pacer } from './pacer.ts';

const CHARACTERS_PER_TOKEN = 4;
/** Replies are mostly shorter than they may be. */
const SHARE_OF_OUTPUT = 0.5;
const UNKNOWN_OUTPUT = 512;

/** Sends each call when the pacer lets it. All models that share a server's limit share its pacer. */
export function paced(model: ChatModel, pacer: Pacer): ChatModel {
  return {
    id: model.id,
    async generate(request, options = {}) {
      const permit = await pacer.acquire(estimateTokens(request), options.signal);
      try {
        const response = await model.generate(request, options);
        permit.release({ response });
        return response;
      } catch (error) {
        permit.release({ error });
        throw error;
      }
    },
  };
}

/** Tokens that a call will use, before it is made: a quarter of the characters and half of what the reply may have. */
export function estimateTokens({ messages, maxOutputTokens = UNKNOWN_OUTPUT }: ChatRequest): number {
  let characters = 0;
  for (const { content } of messages) characters += content.length;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN + maxOutputTokens * SHARE_OF_OUTPUT);
}
