import { appendPath, describeBaseUrl, parseServerUrl } from '../http/base-url.ts';
import { DEFAULT_MAX_SOCKETS } from '../http/connection-pool.ts';
import { type Credentials, requestHeaders } from '../http/request-headers.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../internal/options.ts';
import {
  type ChatCompletionsOptions,
  checkChatCompletionsOptions,
  type Dialect,
} from './chat-completions.ts';
import type { ChatModel } from './chat-model.ts';
import { completeChat } from './complete-chat.ts';
import type { CompletionsModel } from './completions-model.ts';
import { servedAt } from './model-server.ts';
import type { JsonEndpoint } from './post-json.ts';
import { servedScalars } from './served-options.ts';

/** Options of {@link openaiCompatible}. */
export interface OpenAICompatibleOptions extends ChatCompletionsOptions, Credentials {
  /** Base URL of the server, including `/v1`. A query string is kept. */
  readonly baseUrl: string;
  /** Time limit of one call in milliseconds, from the wait for a socket to the last byte. Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of sockets to the server. Further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
  /** Request field in which the server expects `maxOutputTokens`. Default `max_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined;
}

const MAX_TOKENS_FIELDS = ['max_tokens', 'max_completion_tokens'] as const;

/**
 * A chat model of any server with a chat-completions API (vLLM, llama.cpp, Ollama, gateways). It reads nothing from the
 * environment: what is sent, and where, is in the options alone.
 *
 * @param model Name of the model on the server.
 *
 * @example
 * ```ts
 * import { openaiCompatible } from 'aloe-align/models/openai-compatible';
 *
 * const model = openaiCompatible('qwen2.5-7b', { baseUrl: 'http://localhost:8000/v1' });
 * ```
 *
 * @throws InvalidOptionError if the name is empty, the base URL is not a valid URL or contains credentials, a header is
 * invalid, or another option is out of range.
 */
export function openaiCompatible(model: string, options: OpenAICompatibleOptions): ChatModel {
  checkKnownOptions<OpenAICompatibleOptions>('openaiCompatible()', options, {
    baseUrl: true,
    apiKey: true,
    headers: true,
    timeoutMs: true,
    maxSockets: true,
    maxTokensField: true,
    revision: true,
    jsonMode: true,
    omit: true,
    chatTemplateKwargs: true,
    promptCache: true,
  });
  const { promptCache = 'none', id, ...settings } = checkChatCompletionsOptions(model, options);
  const maxTokensField = checkChoice(
    'maxTokensField',
    options.maxTokensField ?? 'max_tokens',
    MAX_TOKENS_FIELDS,
  );
  const timeoutMs = servedScalars.timeoutMs(options.timeoutMs, 'timeoutMs');
  const maxSockets = checkNumber('maxSockets', options.maxSockets ?? DEFAULT_MAX_SOCKETS, {
    min: 1,
    integer: true,
  });
  const server = parseServerUrl('baseUrl', options.baseUrl);
  const headers = requestHeaders(server, options);
  const dialect: Dialect = { ...settings, maxTokensField, lengthBounds: true };
  const nameInErrors = `${id} at ${describeBaseUrl(options.baseUrl)}`;
  const endpointAt = (path: string): JsonEndpoint => ({
    nameInErrors,
    url: appendPath(server, path),
    headers,
    maxSockets,
    timeoutMs,
  });
  const endpoint = endpointAt('/chat/completions');

  const compatible: CompletionsModel = {
    id,
    server: servedAt(options.baseUrl, options.revision),
    completions: { dialect, address: describeBaseUrl(options.baseUrl), endpoint: endpointAt },
    async generate(request, options = {}) {
      options.signal?.throwIfAborted();
      return completeChat(endpoint, dialect, request, { ...options, promptCache });
    },
  };
  return compatible;
}
