import { appendPath, describeBaseUrl, parseServerUrl } from '../http/base-url.ts';
import { connectionPool, DEFAULT_MAX_SOCKETS } from '../http/connection-pool.ts';
import { type Credentials, requestHeaders } from '../http/request-headers.ts';
import { headersOf, rateLimit } from '../http/response-headers.ts';
import { sendRequest } from '../http/send-request.ts';
import { TransportError } from '../http/transport-error.ts';
import { checkChoice, checkNumber } from '../internal/options.ts';
import { failedTransport, readRefusal, refusedCall, uselessAnswer } from './call-failures.ts';
import {
  type ChatCompletionsOptions,
  chatCompletionsBody,
  checkChatCompletionsOptions,
  type Dialect,
  FILTERED_PROMPT,
  idSuffixes,
  parseCompletion,
  toChatResponse,
} from './chat-completions.ts';
import type { ChatModel } from './chat-model.ts';

export interface OpenAICompatibleOptions extends ChatCompletionsOptions, Credentials {
  /** Base URL of the server, up to and with `/v1`. */
  readonly baseUrl: string;
  /** How long one answer may take, to its last byte and with the wait for a socket, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Upper bound of sockets to the server; further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
  /** The name that the server has for the upper bound of a reply. Default `max_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined;
}

const MAX_TOKENS_FIELDS = ['max_tokens', 'max_completion_tokens'] as const;

/**
 * A chat model of any server that speaks the chat-completions API (vLLM, llama.cpp, Ollama, gateways), by the shortest
 * way: a call costs a fraction of the processor time that the `openai` package takes.
 *
 * @param model The model's name, as the server knows it.
 * @throws InvalidOptionError for an empty name, a base URL that is none or holds credentials, or a header that is none.
 */
export function openaiCompatible(model: string, options: OpenAICompatibleOptions): ChatModel {
  const settings = checkChatCompletionsOptions(model, options);
  const maxTokensField = checkChoice(
    'maxTokensField',
    options.maxTokensField ?? 'max_tokens',
    MAX_TOKENS_FIELDS,
  );
  const timeoutMs = checkNumber('timeoutMs', options.timeoutMs ?? 600_000, { min: 1, max: 2 ** 31 - 1 });
  const maxSockets = checkNumber('maxSockets', options.maxSockets ?? DEFAULT_MAX_SOCKETS, {
    min: 1,
    integer: true,
  });
  const url = appendPath(parseServerUrl('baseUrl', options.baseUrl), '/chat/completions');
  const headers = requestHeaders(options);
  const dialect: Dialect = { ...settings, maxTokensField, lengthBounds: true };
  const id = [
    `openai-compatible:${settings.model}@${describeBaseUrl(options.baseUrl)}`,
    ...idSuffixes(settings),
    ...(maxTokensField === 'max_tokens' ? [] : [maxTokensField]),
  ].join(':');

  return {
    id,
    async generate(request, { signal } = {}) {
      signal?.throwIfAborted();
      try {
        const {
          status,
          headers: answered,
          text,
        } = await sendRequest(connectionPool(url.origin, { maxSockets }), {
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'POST',
          headers,
          body: JSON.stringify(chatCompletionsBody(dialect, request)),
          signal,
          timeoutMs,
        });
        const header = headersOf(answered);
        if (status < 300) return toChatResponse(id, parseCompletion(text), rateLimit(header));
        const refusal = readRefusal(text);
        if (refusal.codes.includes('content_filter')) return FILTERED_PROMPT;
        throw refusedCall(id, status, refusal, header);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (error instanceof TransportError) throw failedTransport(id, error);
        if (error instanceof SyntaxError) {
          throw uselessAnswer(id, 'the response is not JSON.', error);
        }
        throw error;
      }
    },
  };
}
