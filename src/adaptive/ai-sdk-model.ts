import { AloeError } from '../errors.ts';
import type { ChatModel, FinishReason, JsonSchema } from '../models/chat-model.ts';
import { tokenCount } from '../models/plausible-usage.ts';

// The shapes of the AI SDK that the middleware reads, so that neither the code nor its types need the package `ai`.

/** A part of a message: text, an image, a file, a tool call or its result, reasoning. Only text is read. */
export interface AiSdkPart {
  readonly type: string;
  readonly text?: unknown;
  readonly mediaType?: unknown;
  readonly providerOptions?: unknown;
}

/** A message of the AI SDK's prompt. */
export interface AiSdkMessage {
  readonly role: string;
  readonly content: string | readonly AiSdkPart[];
}

/** What the AI SDK sends to a model, as far as the middleware reads it. */
export interface AiSdkParams {
  readonly prompt: readonly AiSdkMessage[];
  readonly seed?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly headers?: Record<string, string | undefined> | undefined;
  readonly providerOptions?:
    | Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
    | undefined;
}

/** A language model of the AI SDK (specification v4), as providers for `ai` 7 make it. */
export interface AiSdkModel {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  doGenerate(params: AiSdkInferenceParams): PromiseLike<{
    readonly content: readonly AiSdkPart[];
    readonly finishReason: { readonly unified: string };
    readonly usage: {
      readonly inputTokens: { readonly total: number | undefined; readonly cacheRead: number | undefined };
      readonly outputTokens: { readonly total: number | undefined };
    };
  }>;
}

/** What an inference sends. */
export interface AiSdkInferenceParams {
  prompt: (
    | { role: 'system'; content: string }
    | { role: 'user' | 'assistant'; content: { type: 'text'; text: string }[] }
  )[];
  temperature?: number;
  maxOutputTokens?: number;
  seed?: number;
  responseFormat?: { type: 'json'; name: string; schema: object };
  abortSignal?: AbortSignal;
  headers?: Record<string, string | undefined>;
}

const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content-filter', 'content-filter'],
]);

/**
 * An AI SDK model as a `ChatModel`, for inferences only: the package's `aiSdk()` does more and needs Node.
 *
 * @param headers Extra headers of the call that is being answered, such as a proxy's.
 */
export function inferringModel(model: AiSdkModel, headers?: AiSdkParams['headers']): ChatModel {
  return {
    id: `${model.provider}/${model.modelId}`,
    async generate({ messages, temperature, maxOutputTokens, seed, outputSchema }, { signal } = {}) {
      const { content, finishReason, usage } = await callModel(model, {
        prompt: messages.map(({ role, content }) =>
          role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] },
        ),
        ...(temperature !== undefined && { temperature }),
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        ...(seed !== undefined && { seed }),
        ...(outputSchema && {
          responseFormat: {
            type: 'json',
            name: outputSchema.name,
            schema: withoutBounds(outputSchema.schema),
          },
        }),
        ...(signal && { abortSignal: signal }),
        ...(headers && { headers }),
      });
      return {
        text: content
          .map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : ''))
          .join(''),
        finishReason: FINISH_REASONS.get(finishReason.unified) ?? 'other',
        usage: {
          inputTokens: tokenCount(usage.inputTokens.total),
          cachedInputTokens: tokenCount(usage.inputTokens.cacheRead),
          outputTokens: tokenCount(usage.outputTokens.total),
        },
      };
    },
  };
}

/** Providers ask for strict schemas, and then some servers refuse limits. The reply is checked all the same. */
function withoutBounds(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    /^(?:min|max)(?:Items|Length)$/.test(key) && typeof value === 'number' ? undefined : value,
  ) as JsonSchema;
}

/** A missing key ends every call, so it is not reported as a failed inference. */
async function callModel(model: AiSdkModel, params: AiSdkInferenceParams) {
  try {
    return await model.doGenerate(params);
  } catch (error) {
    if (error instanceof Error && error.name === 'AI_LoadAPIKeyError') {
      throw new AloeError('missing-key', error.message);
    }
    throw error;
  }
}
