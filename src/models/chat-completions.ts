import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
} from 'openai/resources/chat/completions';
import { InvalidOptionError } from '../errors.ts';
import { parseShallowJson } from '../http/json-depth.ts';
import { checkChoice } from '../internal/options.ts';
import type { RateLimit } from '../rate-limit.ts';
import { uselessAnswer } from './call-failures.ts';
import {
  type ChatRequest,
  type ChatResponse,
  type FinishReason,
  type JsonSchema,
  NO_USAGE,
} from './chat-model.ts';

/** What differs between servers that speak the chat-completions API. */
export interface ChatCompletionsOptions {
  /**
   * How a JSON reply is asked for: `schema` sends the JSON Schema, `object` asks for any JSON object, `none` leaves
   * it to the prompt. Default `schema`.
   */
  readonly jsonMode?: JsonMode | undefined;
  /**
   * Request fields this model refuses, left out of every request; reasoning models refuse `temperature` and `seed`.
   * Default: none.
   */
  readonly omit?: readonly OmittedField[] | undefined;
}

export type JsonMode = 'schema' | 'object' | 'none';
export type OmittedField = 'temperature' | 'seed' | 'stop';

const JSON_MODES = ['schema', 'object', 'none'] as const;
const OMITTED_FIELDS: readonly OmittedField[] = ['temperature', 'seed', 'stop'];

/** How one model is spoken to. */
export interface Dialect {
  readonly model: string;
  readonly jsonMode: JsonMode;
  readonly omitted: readonly OmittedField[];
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Whether a schema may bound the length of texts; OpenAI's strict mode refuses that. */
  readonly lengthBounds: boolean;
}

/** The part of the options that every provider checks alike. @throws InvalidOptionError */
export function checkChatCompletionsOptions(
  model: string,
  options: ChatCompletionsOptions,
): Pick<Dialect, 'model' | 'jsonMode' | 'omitted'> {
  if (typeof model !== 'string' || model.trim() === '') {
    throw new InvalidOptionError('model', 'a model name', model);
  }
  const jsonMode = checkChoice('jsonMode', options.jsonMode ?? 'schema', JSON_MODES);
  for (const field of options.omit ?? []) checkChoice('omit', field, OMITTED_FIELDS);
  return { model, jsonMode, omitted: OMITTED_FIELDS.filter((field) => options.omit?.includes(field)) };
}

/** The parts of a model's id that tell what is asked of it otherwise than by default. */
export function idSuffixes({ jsonMode, omitted }: Pick<Dialect, 'jsonMode' | 'omitted'>): string[] {
  return [...(jsonMode === 'schema' ? [] : [`json=${jsonMode}`]), ...omitted.map((field) => `no-${field}`)];
}

/** The body of the request: what was asked for and nothing else. */
export function chatCompletionsBody(
  dialect: Dialect,
  { messages, temperature, maxOutputTokens, seed, stop, outputSchema }: ChatRequest,
): ChatCompletionCreateParamsNonStreaming {
  const { model, jsonMode, omitted, maxTokensField, lengthBounds } = dialect;
  const sends = (field: OmittedField) => !omitted.includes(field);
  return {
    model,
    messages: [...messages],
    ...(temperature !== undefined && sends('temperature') && { temperature }),
    ...(maxOutputTokens !== undefined && { [maxTokensField]: maxOutputTokens }),
    ...(seed !== undefined && sends('seed') && { seed }),
    ...(stop !== undefined && sends('stop') && { stop: [...stop] }),
    ...(outputSchema !== undefined &&
      jsonMode === 'schema' && {
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: outputSchema.name,
            strict: true,
            schema: lengthBounds ? outputSchema.schema : withoutLengths(outputSchema.schema),
          },
        },
      }),
    ...(outputSchema !== undefined && jsonMode === 'object' && { response_format: { type: 'json_object' } }),
  };
}

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

/** The body of an answer as JSON, whatever it calls itself. @throws SyntaxError; TransportError when it is too deep. */
export function parseCompletion(text: string): unknown {
  return text === '' ? null : parseShallowJson(text);
}

/**
 * The reply in the contract's words. Servers differ in what they leave out: all but the choice itself is optional.
 *
 * @throws ModelCallError when there is no choice.
 */
export function toChatResponse(
  modelId: string,
  completion: unknown,
  limits: RateLimit | undefined,
): ChatResponse {
  const answer = typeof completion === 'object' ? (completion as Partial<ChatCompletion> | null) : null;
  const choice = answer?.choices?.[0];
  if (!choice?.message) throw uselessAnswer(modelId, 'the response has no choices.');
  const { content, refusal } = choice.message;
  const refused = !content && typeof refusal === 'string';
  const inputTokens = tokenCount(answer?.usage?.prompt_tokens);
  const cached = tokenCount(answer?.usage?.prompt_tokens_details?.cached_tokens);
  return {
    text: refused ? refusal : typeof content === 'string' ? content : '',
    finishReason: refused ? 'content-filter' : (FINISH_REASONS.get(choice.finish_reason) ?? 'other'),
    usage: {
      inputTokens,
      cachedInputTokens: Math.min(inputTokens, cached),
      outputTokens: tokenCount(answer?.usage?.completion_tokens),
    },
    ...(limits && { rateLimit: limits }),
  };
}

/** Some services refuse the prompt itself: the same outcome as a reply that was filtered. */
export const FILTERED_PROMPT: ChatResponse = { text: '', finishReason: 'content-filter', usage: NO_USAGE };

/** A whole number of tokens, or 0 where a server sends something else. */
export function tokenCount(value: unknown): number {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}
