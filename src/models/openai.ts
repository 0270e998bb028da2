import { describeBaseUrl } from '../http/base-url.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import {
  type ChatCompletionsOptions,
  checkChatCompletionsOptions,
  type Dialect,
} from './chat-completions.ts';
import type { ChatModel } from './chat-model.ts';
import { completeChat } from './complete-chat.ts';
import type { CompletionsModel } from './completions-model.ts';
import { servedAt } from './model-server.ts';
import { type OpenAIClientOptions, openaiServer } from './openai-client.ts';
import type { JsonEndpoint } from './post-json.ts';

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
    chatTemplateKwargs: true,
    promptCache: true,
  });
  const server = openaiServer(options);
  const {
    id,
    promptCache = server.official ? 'key' : 'none',
    ...settings
  } = checkChatCompletionsOptions(model, options);
  const dialect: Dialect = {
    ...settings,
    maxTokensField: server.official ? 'max_completion_tokens' : 'max_tokens',
    lengthBounds: !server.official,
  };
  let endpoint: JsonEndpoint | undefined;

  const openaiModel: CompletionsModel = {
    id,
    server: servedAt(server.baseUrl, options.revision),
    completions: {
      dialect,
      address: describeBaseUrl(server.baseUrl),
      endpoint: (path) => server.endpoint(id, path),
    },
    async generate(request, options = {}) {
      options.signal?.throwIfAborted();
      endpoint ??= server.endpoint(id, '/chat/completions');
      return completeChat(endpoint, dialect, request, { ...options, promptCache });
    },
  };
  return openaiModel;
}
