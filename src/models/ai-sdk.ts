import type { LanguageModel, OutputInterface } from 'ai';
import { AloeError, InvalidOptionError, ModelCallError } from '../errors.ts';
import { headersOf, rateLimit } from '../http/response-headers.ts';
import { findTransportError, TransportError } from '../http/transport-error.ts';
import { importOptional } from '../internal/import-optional.ts';
import { onAbort } from '../internal/on-abort.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { orAborted } from '../internal/until-aborted.ts';
import { registerEnvironment, withoutKnownKeys } from '../redact.ts';
import { failedTransport, readRefusal, refusedCall, unusableResponse } from './call-failures.ts';
import {
  type ChatCompletionsOptions,
  checkChatCompletionsOptions,
  FILTERED_PROMPT,
  type OmittedField,
} from './chat-completions.ts';
import type { ChatModel, ChatRequest, FinishReason, ModelServer } from './chat-model.ts';
import { tokenCount } from './plausible-usage.ts';
import { servedIdentity } from './served-identity.ts';
import { servedScalars } from './served-options.ts';

/** Options of {@link aiSdk}. */
export interface AiSdkOptions extends Omit<ChatCompletionsOptions, 'promptCache' | 'chatTemplateKwargs'> {
  /** Time limit of one call, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number | undefined;
}

type Library = typeof import('ai');

/**
 * Any language model of the Vercel AI SDK. Needs the optional peer package `ai`. The SDK's own retries are off. The
 * provider package, not this library, handles sockets, size limits and redirects.
 *
 * @param model A provider's model object, or the name of a model at the SDK's gateway.
 *
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { aiSdk } from 'aloe-align/models/ai-sdk';
 *
 * const claude = aiSdk(anthropic('claude-sonnet-4-5'));
 * ```
 *
 * @throws InvalidOptionError if `model` is not an AI SDK language model, or an option is invalid.
 * @throws MissingPackageError at the first call, if `ai` is not installed.
 */
export function aiSdk(model: LanguageModel, options: AiSdkOptions = {}): ChatModel {
  checkKnownOptions<AiSdkOptions>('aiSdk()', options, {
    timeoutMs: true,
    revision: true,
    jsonMode: true,
    omit: true,
  });
  const settings = checkChatCompletionsOptions(modelName(model), options);
  const timeoutMs = servedScalars.timeoutMs(options.timeoutMs, 'timeoutMs');
  const { id } = settings;
  // The SDK's providers read their keys from the environment.
  registerEnvironment();
  let loaded: Library | undefined;

  return {
    id,
    server: servedBy(model, options.revision),
    async generate(request, { signal } = {}) {
      signal?.throwIfAborted();
      loaded ??= await importOptional<Library>('ai', 'aiSdk()');
      const library = loaded;
      const deadline = startDeadline(timeoutMs, signal);
      const sends = (field: OmittedField) => !settings.omitted.includes(field);
      const reply = { text: undefined as string | undefined };
      try {
        // A provider may ignore the signal.
        const result = await orAborted(
          library.generateText({
            model,
            messages: [...request.messages],
            allowSystemInMessages: true,
            maxRetries: 0,
            abortSignal: deadline.signal,
            ...(request.temperature !== undefined &&
              sends('temperature') && { temperature: request.temperature }),
            ...(request.maxOutputTokens !== undefined && { maxOutputTokens: request.maxOutputTokens }),
            ...(request.seed !== undefined && sends('seed') && { seed: request.seed }),
            ...(request.stop !== undefined && sends('stop') && { stopSequences: [...request.stop] }),
            ...(request.outputSchema !== undefined &&
              settings.jsonMode !== 'none' && {
                output: unparsed(
                  settings.jsonMode === 'schema' ? request.outputSchema : undefined,
                  (text) => {
                    reply.text = text;
                  },
                ),
              }),
          }),
          deadline.signal,
        );
        const { usage, response } = result;
        const inputTokens = tokenCount(usage.inputTokens);
        const limits = rateLimit(headersOf(response.headers));
        return {
          text: withoutKnownKeys(reply.text ?? result.text),
          finishReason: FINISH_REASONS.get(result.finishReason) ?? 'other',
          usage: {
            inputTokens,
            cachedInputTokens: Math.min(inputTokens, tokenCount(usage.inputTokenDetails.cacheReadTokens)),
            outputTokens: tokenCount(usage.outputTokens),
          },
          // The SDK fills in the name asked for if the provider reports none, and has no field for a fingerprint.
          ...servedIdentity(response.modelId, undefined),
          ...(limits && { rateLimit: limits }),
        };
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (isFilteredPrompt(library, error)) return FILTERED_PROMPT;
        throw toModelCallError(library, id, error);
      } finally {
        deadline.clear();
      }
    },
  };
}

const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content-filter', 'content-filter'],
]);

/** The SDK's names of providers whose model names keep their meaning. */
const STABLE_PROVIDERS: readonly string[] = [
  'amazon-bedrock',
  'anthropic',
  'cerebras',
  'cohere',
  'deepinfra',
  'deepseek',
  'fireworks',
  'gateway',
  'google',
  'groq',
  'mistral',
  'moonshotai',
  'openai',
  'openrouter',
  'perplexity',
  'togetherai',
  'xai',
];

/** An SDK model names its provider, not its address. */
function servedBy(model: LanguageModel, revision: string | undefined): ModelServer | undefined {
  if (revision !== undefined) return undefined;
  const address = typeof model === 'string' ? 'gateway' : model.provider;
  return { address, stable: STABLE_PROVIDERS.includes(address.split('.')[0]!) };
}

function modelName(model: LanguageModel): string {
  if (typeof model === 'string') return model;
  if (typeof model !== 'object' || model === null || typeof model.modelId !== 'string') {
    throw new InvalidOptionError(
      'model',
      "an AI SDK language model, or a model name for the SDK's gateway",
      model,
    );
  }
  return model.modelId;
}

/**
 * Requests JSON but returns the unparsed text. The SDK's own outputs throw on a reply that is almost valid JSON, which
 * this library can repair.
 */
function unparsed(
  outputSchema: ChatRequest['outputSchema'],
  onText: (text: string) => void,
): OutputInterface<string, string, never> {
  return {
    name: 'unparsed',
    responseFormat: Promise.resolve({ type: 'json', ...outputSchema }),
    parseCompleteOutput: async ({ text }) => {
      onText(text);
      return text;
    },
    parsePartialOutput: async ({ text }) => ({ partial: text }),
    createElementStreamTransform: () => undefined,
  };
}

/** Combines the caller's signal with the time limit. The timer of `AbortSignal.timeout` would outlive the call. */
function startDeadline(timeoutMs: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const ignoreAbort = signal && onAbort(signal, () => controller.abort(signal.reason));
  const giveUp = () => controller.abort(new TransportError('timeout', `no answer within ${timeoutMs} ms`));
  const timer = setTimeout(giveUp, timeoutMs);
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      ignoreAbort?.();
    },
  };
}

function isFilteredPrompt({ APICallError }: Library, error: unknown): boolean {
  return (
    APICallError.isInstance(error) && readRefusal(error.responseBody ?? '').codes.includes('content_filter')
  );
}

function toModelCallError(library: Library, modelId: string, error: unknown): unknown {
  const transport = findTransportError(error);
  if (transport !== undefined) return failedTransport(modelId, transport);
  if (library.LoadAPIKeyError.isInstance(error)) return new AloeError('missing-key', error.message);
  if (library.APICallError.isInstance(error)) {
    const { statusCode, responseBody, responseHeaders, message } = error;
    if (statusCode === undefined) {
      return failedTransport(modelId, new TransportError('unreachable', rootMessage(error), error.cause));
    }
    if (statusCode < 300) return unusableResponse(modelId, `the response is unusable (${message}).`);
    const refusal = readRefusal(responseBody || message);
    return refusedCall(modelId, statusCode, refusal, headersOf(responseHeaders));
  }
  if (error instanceof TypeError && error.cause instanceof Error) {
    return failedTransport(modelId, new TransportError('broken-off', rootMessage(error), error));
  }
  // Errors of the SDK's gateway are not API call errors.
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return refusedCall(
      modelId,
      error.statusCode,
      { message: error.message, codes: [] },
      headersOf(undefined),
    );
  }
  if (UNUSABLE.some((name) => library[name].isInstance(error))) {
    return unusableResponse(modelId, 'the response is unusable.', error);
  }
  if (library.AISDKError.isInstance(error)) {
    return new ModelCallError(modelId, error.message, { retryable: false, cause: error });
  }
  return error;
}

const UNUSABLE = [
  'EmptyResponseBodyError',
  'InvalidResponseDataError',
  'JSONParseError',
  'NoContentGeneratedError',
  'TypeValidationError',
] as const;

function rootMessage(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : rootMessage(cause);
}
