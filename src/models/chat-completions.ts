import { InvalidOptionError } from '../errors.ts';
import { checkChoice } from '../internal/options.ts';
import type { Message } from '../messages.ts';
import type { RateLimit } from '../rate-limit.ts';
import { withoutKnownKeys } from '../redact.ts';
import { isFiltered, unusableResponse, withoutReply } from './call-failures.ts';
import {
  type ChatRequest,
  type ChatResponse,
  type FinishReason,
  type JsonSchema,
  NO_USAGE,
} from './chat-model.ts';
import {
  type ChatTemplateKwargs,
  checkChatTemplateKwargs,
  formatChatTemplateKwargs,
} from './chat-template-kwargs.ts';
import { checkRevision } from './model-server.ts';
import { tokenCount } from './plausible-usage.ts';
import type { PromptCache } from './prompt-cache/prompt-cache.ts';
import { servedIdentity } from './served-identity.ts';
import { servedScalars } from './served-options.ts';

/** Differences between servers of the chat-completions API. */
export interface ChatCompletionsOptions {
  /**
   * A name you choose for the weights that the server has under this model name: a commit, the id of a training job, `r2`.
   * It becomes part of the model's id. Set it if the same name can stand for new weights. Default: none.
   */
  readonly revision?: string | undefined;
  /**
   * How to request a JSON reply: `schema` sends the JSON Schema, `object` requests any JSON object, `none` relies on
   * the prompt alone. Default `schema`.
   */
  readonly jsonMode?: JsonMode | undefined;
  /**
   * Request fields that this model refuses. They are never sent. Reasoning models refuse `temperature` and `seed`.
   * Default: none.
   */
  readonly omit?: readonly OmittedField[] | undefined;
  /**
   * Variables for the model's chat template, sent as `chat_template_kwargs`: vLLM, SGLang, llama.cpp and `transformers serve`
   * pass them on. `{ enable_thinking: false }` turns the thinking of many models off. They are part of the model's id. Give a
   * fine-tuned model those of its training rows. Default: none.
   */
  readonly chatTemplateKwargs?: ChatTemplateKwargs | undefined;
  /**
   * How to tell the server which calls extend the same prompt, so that they meet its cache. `key` sends OpenAI's
   * `prompt_cache_key`, a hash of the conversation and role. `slots` is for llama.cpp: it sends `cache_prompt` and, while it
   * is idle, the `id_slot` that had the conversation and role before. `none` sends nothing; many servers refuse fields that
   * they do not know. It changes no reply and is not part of the id. Default: `key` for OpenAI itself, `none` elsewhere.
   */
  readonly promptCache?: PromptCache | undefined;
}

/** How to request a JSON reply, see {@link ChatCompletionsOptions}. */
export type JsonMode = 'schema' | 'object' | 'none';
/** A request field that can be left out, see {@link ChatCompletionsOptions}. */
export type OmittedField = 'temperature' | 'seed' | 'stop';

const JSON_MODES = ['schema', 'object', 'none'] as const;
const OMITTED_FIELDS: readonly OmittedField[] = ['temperature', 'seed', 'stop'];

/** The variant of the chat-completions API that one model accepts. */
export interface Dialect {
  readonly model: string;
  readonly jsonMode: JsonMode;
  readonly omitted: readonly OmittedField[];
  readonly chatTemplateKwargs: ChatTemplateKwargs | undefined;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Whether a schema may limit the length of strings. OpenAI's strict mode refuses that. */
  readonly lengthBounds: boolean;
}

/** Checks the options that all providers share. @throws InvalidOptionError if one is invalid. */
export function checkChatCompletionsOptions(
  model: string,
  options: ChatCompletionsOptions,
): Pick<Dialect, 'model' | 'jsonMode' | 'omitted' | 'chatTemplateKwargs'> & {
  readonly id: string;
  readonly promptCache: PromptCache | undefined;
} {
  if (typeof model !== 'string' || model.trim() === '') {
    throw new InvalidOptionError('model', 'a model name', model);
  }
  const revision = checkRevision(options.revision);
  const jsonMode = checkChoice('jsonMode', options.jsonMode ?? 'schema', JSON_MODES);
  for (const field of options.omit ?? []) checkChoice('omit', field, OMITTED_FIELDS);
  const omitted = OMITTED_FIELDS.filter((field) => options.omit?.includes(field));
  const variables = checkChatTemplateKwargs('chatTemplateKwargs', options.chatTemplateKwargs);
  const id = [
    revision === undefined ? model : `${model}@${revision}`,
    // What changes a request changes a reply.
    ...(jsonMode === 'schema' ? [] : [`json=${jsonMode}`]),
    ...omitted.map((field) => `no-${field}`),
    ...(variables === undefined ? [] : [`template=${formatChatTemplateKwargs(variables)}`]),
  ].join(':');
  const promptCache = servedScalars.promptCache(options.promptCache, 'promptCache');
  return { id, model, jsonMode, omitted, chatTemplateKwargs: variables, promptCache };
}

/** What is sent, apart from what only some requests have. */
export interface ChatCompletionsBody {
  readonly model: string;
  readonly messages: readonly Message[];
}

/** The request body. Fields that the request leaves out are not sent, so the server's defaults apply. */
export function chatCompletionsBody(
  dialect: Dialect,
  { messages, temperature, maxOutputTokens, seed, stop, outputSchema }: ChatRequest,
): ChatCompletionsBody {
  const { model, jsonMode, omitted, chatTemplateKwargs, maxTokensField, lengthBounds } = dialect;
  const sends = (field: OmittedField) => !omitted.includes(field);
  return {
    model,
    messages: [...messages],
    ...(temperature !== undefined && sends('temperature') && { temperature }),
    ...(maxOutputTokens !== undefined && { [maxTokensField]: maxOutputTokens }),
    ...(seed !== undefined && sends('seed') && { seed }),
    ...(stop !== undefined && sends('stop') && { stop: [...stop] }),
    ...(chatTemplateKwargs !== undefined && { chat_template_kwargs: chatTemplateKwargs }),
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

const FINISH_REASONS: ReadonlyMap<unknown, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content_filter', 'content-filter'],
]);

/** What is read of a completion. Every field may be missing, or be something else. */
interface Completion {
  readonly model?: unknown;
  readonly system_fingerprint?: unknown;
  readonly choices?: readonly {
    readonly message?: { readonly content?: unknown; readonly refusal?: unknown };
    readonly finish_reason?: unknown;
    readonly error?: unknown;
  }[];
  readonly usage?: {
    readonly prompt_tokens?: unknown;
    readonly prompt_tokens_details?: { readonly cached_tokens?: unknown };
    readonly completion_tokens?: unknown;
  };
}

/**
 * Converts a completion to a {@link ChatResponse}. Servers leave out different fields, so only the first choice is
 * required.
 *
 * @throws ModelCallError if there is no choice, with the server's words if the body is an error.
 */
export function toChatResponse(
  modelId: string,
  completion: unknown,
  limits: RateLimit | undefined,
): ChatResponse {
  const answer = typeof completion === 'object' ? (completion as Completion | null) : null;
  const choice = answer?.choices?.[0];
  const content = choice?.message?.content;
  const text = textOf(content);
  const error = (choice as { readonly error?: unknown } | undefined)?.error;
  if (typeof choice?.message !== 'object' || choice.message === null || (text === '' && error)) {
    const body = error ? { error } : completion;
    if (isFiltered(body)) return FILTERED_PROMPT;
    throw withoutReply(modelId, body);
  }
  if (isForeign(content)) throw unusableResponse(modelId, 'the content of the response is not text.');
  const { refusal } = choice.message;
  const refused = text === '' && typeof refusal === 'string';
  const inputTokens = tokenCount(answer?.usage?.prompt_tokens);
  const cached = tokenCount(answer?.usage?.prompt_tokens_details?.cached_tokens);
  return {
    text: withoutKnownKeys(refused ? refusal : text),
    finishReason: refused ? 'content-filter' : (FINISH_REASONS.get(choice.finish_reason) ?? 'other'),
    usage: {
      inputTokens,
      cachedInputTokens: Math.min(inputTokens, cached),
      outputTokens: tokenCount(answer?.usage?.completion_tokens),
    },
    ...servedIdentity(answer?.model, answer?.system_fingerprint),
    ...(limits && { rateLimit: limits }),
  };
}

/** A message's content: a string, or a list of parts, of which those with text count. Reasoning is not part of the reply. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts: unknown[] = Array.isArray(content) ? content : [];
  return parts.map(partText).join('');
}

/** Neither text nor a sign that there is none. An empty reply would hide it. */
function isForeign(content: unknown): boolean {
  return content !== undefined && content !== null && typeof content !== 'string' && !Array.isArray(content);
}

function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null) return typeof part === 'string' ? part : '';
  const { type, text } = part as { readonly type?: unknown; readonly text?: unknown };
  return typeof text === 'string' && type !== 'reasoning' && type !== 'thinking' ? text : '';
}

/** For services that refuse the prompt itself: the same outcome as a filtered reply. */
export const FILTERED_PROMPT: ChatResponse = { text: '', finishReason: 'content-filter', usage: NO_USAGE };
