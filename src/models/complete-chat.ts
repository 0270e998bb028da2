import { rateLimit } from '../http/response-headers.ts';
import { refusedCall } from './call-failures.ts';
import { chatCompletionsBody, type Dialect, FILTERED_PROMPT, toChatResponse } from './chat-completions.ts';
import type { CallOptions, ChatRequest, ChatResponse } from './chat-model.ts';
import { messagesJson } from './messages-json.ts';
import { type JsonEndpoint, postJson } from './post-json.ts';

/** Sends a request to a chat-completions API, once. @throws ModelCallError; on abort, the signal's reason. */
export async function completeChat(
  endpoint: JsonEndpoint,
  dialect: Dialect,
  request: ChatRequest,
  options: CallOptions,
): Promise<ChatResponse> {
  const answer = await postJson(endpoint, bodyJson(dialect, request, options), options.signal);
  const { nameInErrors } = endpoint;
  if (answer.refusal === undefined) {
    return toChatResponse(nameInErrors, answer.body, rateLimit(answer.header));
  }
  if (answer.refusal.codes.includes('content_filter')) return FILTERED_PROMPT;
  throw refusedCall(nameInErrors, answer.status, answer.refusal, answer.header);
}

/** The body as JSON. Its messages have been written before if the call went through a run. */
function bodyJson(dialect: Dialect, request: ChatRequest, options: CallOptions): string {
  const { model, messages: _written, ...settings } = chatCompletionsBody(dialect, request);
  const rest = JSON.stringify(settings).slice(1);
  const messages = messagesJson(request.messages, options);
  return `{"model":${JSON.stringify(model)},"messages":${messages}${rest === '}' ? '' : ','}${rest}`;
}
