import { rateLimit } from '../http/response-headers.ts';
import { refusedCall } from './call-failures.ts';
import { chatCompletionsBody, type Dialect, FILTERED_PROMPT, toChatResponse } from './chat-completions.ts';
import type { CallOptions, ChatRequest, ChatResponse } from './chat-model.ts';
import { contentJson, isPlainMessage } from './message-json.ts';
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
  { signal, place, promptCache }: CompleteChatOptions,
): Promise<ChatResponse> {
  const answer = await sendWithCache(promptCache, { place, endpoint }, (fields) =>
    postJson(endpoint, bodyJson(dialect, request, fields), signal),
  );
  const { nameInErrors } = endpoint;
  if (answer.refusal === undefined) {
    return toChatResponse(nameInErrors, answer.body, rateLimit(answer.header));
  }
  if (answer.refusal.codes.includes('content_filter')) return FILTERED_PROMPT;
  throw refusedCall(nameInErrors, answer.status, answer.refusal, answer.header);
}

/** The body as JSON. Contents of messages have mostly been written before, for the journal key. */
function bodyJson(dialect: Dialect, request: ChatRequest, fields: object): string {
  const { model, messages, ...settings } = { ...chatCompletionsBody(dialect, request), ...fields };
  const written = messages.map((message) =>
    isPlainMessage(message)
      ? `{"role":${JSON.stringify(message.role)},"content":${contentJson(message)}}`
      : JSON.stringify(message),
  );
  const rest = JSON.stringify(settings).slice(1);
  return `{"model":${JSON.stringify(model)},"messages":[${written}]${rest === '}' ? '' : ','}${rest}`;
}
