import { clip } from '../internal/clip.ts';
import type { ChatRequest, ChatResponse } from './chat-model.ts';

/** Tokens of ordinary text have three to five characters. */
const CHARACTERS_PER_TOKEN = 16;
/** Room for reasoning and repetition where few tokens are asked for. */
const MIN_CHARACTERS = 16_000;
/** Where a request sets no limit. */
const DEFAULT_MAX_TOKENS = 65_536;

/**
 * Cuts a reply that is far longer than `maxOutputTokens` allows: 16 characters per token, and at least 16,000. What then
 * reads the reply is bounded, whatever the server sent. A reply that was cut ended at its limit (`length`).
 */
export function cutReply(response: ChatResponse, { maxOutputTokens }: ChatRequest): ChatResponse {
  const most = Math.max(MIN_CHARACTERS, CHARACTERS_PER_TOKEN * (maxOutputTokens ?? DEFAULT_MAX_TOKENS));
  if (response.text.length <= most) return response;
  const { finishReason } = response;
  return {
    ...response,
    text: clip(response.text, most),
    finishReason: finishReason === 'content-filter' ? finishReason : 'length',
  };
}
