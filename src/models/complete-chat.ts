import { rateLimit } from '../http/response-headers.ts';
import { refusedCall } from './call-failures.ts';
import {
  type ChatCompletionsBody,
  chatCompletionsBody,
  type Dialect,
  FILTERED_PROMPT,
  toChatResponse,
} from './chat-completions.ts';
import type { CallOptions, ChatRequest, ChatResponse } from './chat-model.ts';
import { canonicalMessages } from './messages-json.ts';
import { type JsonEndpoint, postJson } from './post-json.ts';
import { type PromptCache, sendWithCache } from './prompt-cache/prompt-cache.ts';

export interface CompleteChatOptions extends CallOptions {
  readonly promptCache: PromptCache;
}

/** Sends a request to a chat-completions API, once. @throws ModelCallError; on abort, the signal's reason. */
export async function completeChat(
  endpoint: JsonEndpoint,
  dialect: Dialect,
  request: ChatRequest,
  options: CompleteChatOptions,
): Promise<ChatResponse> {
  const { signal, place, promptCache } = options;
  const answer = await sendWithCache(promptCache, { place, endpoint }, (fields) =>
    postJson(endpoint, bodyJson({ ...chatCompletionsBody(dialect, request), ...fields }), signal),
  );
  const { nameInErrors } = endpoint;
  if (answer.refusal === undefined) {
    return toChatResponse(nameInErrors, answer.body, rateLimit(answer.header));
  }
  if (answer.refusal.codes.includes('content_filter')) return FILTERED_PROMPT;
  throw refusedCall(nameInErrors, answer.status, answer.refusal, answer.header);
}

function bodyJson({ model, messages, ...settings }: ChatCompletionsBody): string {
  const rest = JSON.stringify(settings).slice(1);
  return `{"model":${JSON.stringify(model)},"messages":${canonicalMessages(messages)}${rest === '}' ? '' : ','}${rest}`;
}
