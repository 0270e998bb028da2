import type { ChatModel, ChatRequest, ChatResponse, Usage } from './chat-model.ts';

/** Tokens that a server may add to a prompt by itself: a chat template, a system prompt of its own. */
const ADDED_INPUT = 8_192;
/** Reasoning that a server counts but does not send. No model writes more in one reply. */
const HIDDEN_OUTPUT = 131_072;
/** The same if the request limits the output. Servers then count reasoning within the limit, apart from some slack. */
const HIDDEN_BEYOND_LIMIT = 16_384;

/**
 * Limits the usage that a model reports to what was sent and received, since a token is at least one byte. Otherwise a
 * single wrong figure would hold back all calls for years, or use up a budget.
 */
export function plausibleUsage(model: ChatModel): ChatModel {
  return {
    id: model.id,
    async generate(request, options) {
      const response = await model.generate(request, options);
      return { ...response, usage: limitUsage(request, response) };
    },
  };
}

function limitUsage(request: ChatRequest, { text, usage }: ChatResponse): Usage {
  const { messages, outputSchema, maxOutputTokens } = request;
  const inputTokens = limited(usage.inputTokens, ADDED_INPUT, () => JSON.stringify([messages, outputSchema]));
  const hidden = maxOutputTokens === undefined ? HIDDEN_OUTPUT : maxOutputTokens + HIDDEN_BEYOND_LIMIT;
  return {
    inputTokens,
    cachedInputTokens: Math.min(inputTokens, tokenCount(usage.cachedInputTokens)),
    outputTokens: limited(usage.outputTokens, hidden, () => text),
  };
}

/** At most the bytes of a text and some more. The text is looked at only if a count is above that, which is rare. */
function limited(reported: number, added: number, textOf: () => string): number {
  const tokens = tokenCount(reported);
  return tokens <= added ? tokens : Math.min(tokens, Buffer.byteLength(textOf()) + added);
}

/** A server's token count, or 0 if it is not a whole number. */
export function tokenCount(value: unknown): number {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}
