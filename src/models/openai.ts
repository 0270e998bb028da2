import type OpenAI from 'openai';
import { APIError } from 'openai';
import { describeBaseUrl, OPENAI_BASE_URL, resolveBaseUrl } from '../http/base-url.ts';
import { DEFAULT_MAX_SOCKETS } from '../http/connection-pool.ts';
import { headersOf, rateLimit } from '../http/response-headers.ts';
import { MAX_RESPONSE_BYTES } from '../http/send-request.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import {
  type ChatCompletionsOptions,
  chatCompletionsBody,
  checkChatCompletionsOptions,
  type Dialect,
  FILTERED_PROMPT,
  parseCompletion,
  toChatResponse,
} from './chat-completions.ts';
import type { ChatModel } from './chat-model.ts';
import { servedAt } from './model-server.ts';
import { createOpenAIClient, type OpenAIClientOptions, toModelCallError } from './openai-client.ts';

/** Options of {@link openai}. */
export interface OpenAIOptions extends OpenAIClientOptions, ChatCompletionsOptions {}

/**
 * A chat model of OpenAI, or of any server with a compatible chat-completions API (vLLM, llama.cpp, Ollama, gateways).
 *
 * @param model Name of the model on the server.
 *
 * @example
 * ```ts
 * import { openai } from 'aloe-align/models/openai';
 *
 * const gpt = openai('gpt-4o');
 * const local = openai('qwen2.5-7b', { baseUrl: 'http://localhost:8000/v1' });
 * ```
 *
 * @throws InvalidOptionError if the name is empty, the base URL is not a valid URL or contains
 * credentials, or another option is invalid.
 * @throws MissingKeyError at the first call, if OpenAI is called without a key.
 */
export function openai(model: string, options: OpenAIOptions = {}): ChatModel {
  checkKnownOptions<OpenAIOptions>('openai()', options, {
    apiKey: true,
    baseUrl: true,
    timeoutMs: true,
    maxSockets: true,
    revision: true,
    jsonMode: true,
    omit: true,
  });
  const settings = checkChatCompletionsOptions(model, options);
  checkNumber('timeoutMs', options.timeoutMs ?? 600_000, { min: 1, max: 2 ** 31 - 1 });
  checkNumber('maxSockets', options.maxSockets ?? DEFAULT_MAX_SOCKETS, { min: 1, integer: true });
  const baseUrl = resolveBaseUrl(options.baseUrl);
  const official = baseUrl === OPENAI_BASE_URL;
  const dialect: Dialect = {
    ...settings,
    maxTokensField: official ? 'max_completion_tokens' : 'max_tokens',
    lengthBounds: !official,
  };
  const { id } = settings;
  const nameInErrors = official ? id : `${id} at ${describeBaseUrl(baseUrl)}`;
  let client: OpenAI | undefined;

  return {
    id,
    server: servedAt(baseUrl, options.revision),
    async generate(request, { signal } = {}) {
      signal?.throwIfAborted();
      client ??= createOpenAIClient({ ...options, baseUrl }, MAX_RESPONSE_BYTES);
      try {
        const { data, response } = await client.chat.completions
          .create(chatCompletionsBody(dialect, request), signal ? { signal } : {})
          .withResponse();
        // The package parses a body only if its content type is JSON.
        const completion: unknown = typeof data === 'string' ? parseCompletion(data) : data;
        return toChatResponse(nameInErrors, completion, rateLimit(headersOf(response.headers)));
      } catch (error) {
        if (error instanceof APIError && error.code === 'content_filter') return FILTERED_PROMPT;
        throw toModelCallError(nameInErrors, error, signal);
      }
    },
  };
}
