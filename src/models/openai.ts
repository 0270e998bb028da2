import type OpenAI from 'openai';
import { APIError } from 'openai';
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
} from 'openai/resources/chat/completions';
import { InvalidOptionError, ModelCallError } from '../errors.ts';
import { checkChoice, checkNumber } from '../internal/options.ts';
import {
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  type FinishReason,
  type JsonSchema,
  NO_USAGE,
} from './chat-model.ts';
import {
  createOpenAIClient,
  describeBaseUrl,
  OPENAI_BASE_URL,
  type OpenAIClientOptions,
  resolveBaseUrl,
  toModelCallError,
} from './openai-client.ts';

export interface OpenAIOptions extends OpenAIClientOptions {
  /**
   * How a JSON reply is asked for: `schema` sends the JSON Schema, `object` asks for any JSON object, `none` leaves
   * it to the prompt. Default `schema`.
   */
  readonly jsonMode?: 'schema' | 'object' | 'none' | undefined;
  /**
   * Request fields this model refuses, left out of every request; reasoning models refuse `temperature` and `seed`.
   * Default: none.
   */
  readonly omit?: readonly OmittedField[] | undefined;
}

type OmittedField = 'temperature' | 'seed' | 'stop';

const JSON_MODES = ['schema', 'object', 'none'] as const;
const OMITTED_FIELDS: readonly OmittedField[] = ['temperature', 'seed', 'stop'];

/**
 * A chat model of OpenAI, or of any server that speaks its chat-completions API (vLLM, llama.cpp, Ollama, gateways).
 *
 * @param model the model's name, as the server knows it.
 * @throws InvalidOptionError for an empty name or a base URL that is none. A missing key is told at the first call.
 */
export function openai(model: string, options: OpenAIOptions = {}): ChatModel {
  if (typeof model !== 'string' || model.trim() === '') {
    throw new InvalidOptionError('model', "a model's name", model);
  }
  checkNumber('timeoutMs', options.timeoutMs ?? 600_000, { min: 1, max: 2 ** 31 - 1 });
  const jsonMode = checkChoice('jsonMode', options.jsonMode ?? 'schema', JSON_MODES);
  const omitted = OMITTED_FIELDS.filter((field) => options.omit?.includes(field));
  for (const field of options.omit ?? []) checkChoice('omit', field, OMITTED_FIELDS);
  const baseUrl = resolveBaseUrl(options.baseUrl);
  const official = baseUrl === OPENAI_BASE_URL;
  const id = [
    official ? `openai:${model}` : `openai:${model}@${describeBaseUrl(baseUrl)}`,
    ...(jsonMode === 'schema' ? [] : [`json=${jsonMode}`]),
    ...omitted.map((field) => `no-${field}`),
  ].join(':');
  let client: OpenAI | undefined;

  function body(request: ChatRequest): ChatCompletionCreateParamsNonStreaming {
    const { temperature, maxOutputTokens, seed, stop, outputSchema } = request;
    const sends = (field: OmittedField) => !omitted.includes(field);
    return {
      model,
      messages: [...request.messages],
      ...(temperature !== undefined && sends('temperature') && { temperature }),
      ...(maxOutputTokens !== undefined &&
        (official ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens })),
      ...(seed !== undefined && sends('seed') && { seed }),
      ...(stop !== undefined && sends('stop') && { stop: [...stop] }),
      ...(outputSchema !== undefined &&
        jsonMode === 'schema' && {
          response_format: {
            type: 'json_schema',
            json_schema: {
              name: outputSchema.name,
              strict: true,
              schema: official ? withoutLengths(outputSchema.schema) : outputSchema.schema,
            },
          },
        }),
      ...(outputSchema !== undefined &&
        jsonMode === 'object' && { response_format: { type: 'json_object' } }),
    };
  }

  return {
    id,
    async generate(request, { signal } = {}) {
      signal?.throwIfAborted();
      client ??= createOpenAIClient({ ...options, baseUrl });
      try {
        const completion = await client.chat.completions.create(body(request), signal ? { signal } : {});
        return toResponse(id, completion);
      } catch (error) {
        // Some services refuse the prompt itself: the same outcome as a reply that was filtered.
        if (error instanceof APIError && error.code === 'content_filter') {
          return { text: '', finishReason: 'content-filter', usage: NO_USAGE };
        }
        throw toModelCallError(id, error, signal);
      }
    },
  };
}

/** OpenAI's strict mode refuses bounds on the length of texts. */
function withoutLengths(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    const isBound = (key === 'maxLength' || key === 'minLength') && typeof value === 'number';
    return isBound ? undefined : value;
  }) as JsonSchema;
}

const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content_filter', 'content-filter'],
]);

/** Servers differ in what they leave out: all but the choice itself is optional here. */
function toResponse(
  modelId: string,
  completion: Partial<ChatCompletion> | string | null | undefined,
): ChatResponse {
  const answer = typeof completion === 'object' ? completion : null;
  const choice = answer?.choices?.[0];
  if (!choice?.message) {
    throw new ModelCallError(modelId, 'the server answered without any choice.', {
      retryable: true,
      hint: 'Check that the base URL is that of an OpenAI-compatible API.',
    });
  }
  const { content, refusal } = choice.message;
  const refused = !content && typeof refusal === 'string';
  const inputTokens = tokenCount(answer?.usage?.prompt_tokens);
  return {
    text: refused ? refusal : typeof content === 'string' ? content : '',
    finishReason: refused ? 'content-filter' : (FINISH_REASONS.get(choice.finish_reason) ?? 'other'),
    usage: {
      inputTokens,
      cachedInputTokens: Math.min(
        inputTokens,
        tokenCount(answer?.usage?.prompt_tokens_details?.cached_tokens),
      ),
      outputTokens: tokenCount(answer?.usage?.completion_tokens),
    },
  };
}

function tokenCount(value: unknown): number {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}
