import { InvalidOptionError } from '../errors.ts';
import { checkOptions, refuseUnknownOptions, wholeNumber } from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import {
  type AdaptiveOptions,
  type CheckedLearningOptions,
  checkUserId,
  LEARNING_CHECKS,
} from './adaptive-options.ts';
import { type AiSdkModel, type AiSdkParams, inferringModel } from './ai-sdk-model.ts';
import { preferenceLearner } from './learn-preferences.ts';
import { adaptedPrompt, conversationOf } from './prompt-text.ts';

/** Options of {@link adaptiveMiddleware}. */
export interface AdaptiveMiddlewareOptions extends Omit<AdaptiveOptions, 'inferrer' | 'userId'> {
  /** Maximum length of an inference, in tokens, reasoning included. Default 2,000. */
  readonly inferenceTokens?: number | undefined;
  /** Model that infers the preferences: one of the AI SDK or a `ChatModel`. Default: the wrapped model. */
  readonly inferrer?: AiSdkModel | ChatModel | undefined;
  /**
   * Whose preferences these are, or a function that tells it from a call's parameters. A call overrides it with
   * `providerOptions: { aloe: { userId } }`. Default: a user without an id, who is not stored.
   */
  readonly userId?: string | ((params: AiSdkParams) => string | undefined) | undefined;
}

/** A middleware for `wrapLanguageModel` of the AI SDK. */
export interface AdaptiveMiddleware {
  readonly specificationVersion: 'v4';
  transformParams<Params extends AiSdkParams>(call: {
    readonly params: Params;
    readonly model: AiSdkModel;
  }): Promise<Params>;
}

/**
 * {@link adaptive} as a middleware of the AI SDK (package `ai`, version 7): streaming, tools, images and files pass
 * through. It infers the user's preferences from the text of the conversation, once per message of the user, and adds them
 * to that message. The steps of a tool loop share one inference.
 *
 * The inference comes before the reply, and its tokens are not part of the reply's usage: `onEvent` reports them. If it
 * fails, `onEvent` reports that, and the reply is generated with what was known before.
 *
 * @example
 * ```ts
 * import { adaptiveMiddleware } from 'aloe-align/adaptive';
 * import { streamText, wrapLanguageModel } from 'ai';
 *
 * const model = wrapLanguageModel({ model: base, middleware: adaptiveMiddleware({ store }) });
 * const { textStream } = streamText({
 *   model,
 *   messages,
 *   providerOptions: { aloe: { userId: 'ann' } },
 * });
 * ```
 *
 * @throws InvalidOptionError for an invalid option. Calls throw it for an invalid user id. They also throw if the inferrer
 * has no key.
 */
export function adaptiveMiddleware(options: AdaptiveMiddlewareOptions = {}): AdaptiveMiddleware {
  const checked = checkOptions<AdaptiveMiddlewareOptions, CheckedMiddlewareOptions>(
    'adaptiveMiddleware()',
    options,
    {
      ...LEARNING_CHECKS,
      // Many models behind the AI SDK reason before they answer. 300 tokens would cut them off.
      inferenceTokens: wholeNumber({ min: 1 }, 2_000),
      inferrer: checkInferrer,
      userId: checkUserIdOption,
    },
  );
  const learn = preferenceLearner(checked);

  return {
    specificationVersion: 'v4',
    async transformParams({ params, model }) {
      params.abortSignal?.throwIfAborted();
      const { [OWN_OPTIONS]: own, ...providerOptions } = params.providerOptions ?? {};
      const passed = own === undefined ? params : { ...params, providerOptions };
      const conversation = conversationOf(params.prompt);
      if (conversation.length === 0) return passed;
      const { preferences } = await learn({
        conversation,
        inferrer: checked.inferrer ?? inferringModel(model, params.headers),
        userId: userIdOf(own, checked.userId, params),
        seed: params.seed,
        signal: params.abortSignal,
      });
      // A provider may ignore the signal.
      params.abortSignal?.throwIfAborted();
      if (preferences.length === 0) return passed;
      return { ...passed, prompt: adaptedPrompt(params.prompt, checked.prompts.response, preferences) };
    },
  };
}

/** The library's name among `providerOptions`. Taken out of the request: some providers send on what they do not know. */
const OWN_OPTIONS = 'aloe';

interface CheckedMiddlewareOptions extends CheckedLearningOptions {
  readonly inferrer: ChatModel | undefined;
  readonly userId: AdaptiveMiddlewareOptions['userId'];
}

function checkInferrer(given: AdaptiveMiddlewareOptions['inferrer'], option: string): ChatModel | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'object' && given !== null && 'doGenerate' in given) {
    if (given.specificationVersion === 'v4') return inferringModel(given);
    throw new InvalidOptionError(option, 'an AI SDK model of specification v4', given, {
      hint: 'wrapLanguageModel({ model, middleware: [] }) makes one of an older model.',
    });
  }
  if (typeof given === 'string') {
    throw new InvalidOptionError(option, 'an AI SDK model or a ChatModel', given, {
      hint: `gateway(${JSON.stringify(given)}) of the AI SDK makes one of a name.`,
    });
  }
  checkMethod(option, given, 'generate', 'an AI SDK model or a ChatModel');
  return given;
}

function checkUserIdOption(
  given: AdaptiveMiddlewareOptions['userId'],
  option: string,
): AdaptiveMiddlewareOptions['userId'] {
  return typeof given === 'function' ? given : checkUserId(given, option);
}

/** @throws InvalidOptionError for an unknown option in `providerOptions.aloe`, or an id that is not a text. */
function userIdOf(
  own: Readonly<Record<string, unknown>> | undefined,
  fallback: AdaptiveMiddlewareOptions['userId'],
  params: AiSdkParams,
): string | undefined {
  if (own !== undefined) refuseUnknownOptions(`providerOptions.${OWN_OPTIONS}`, own, ['userId']);
  const userId = own?.userId ?? (typeof fallback === 'function' ? fallback(params) : fallback);
  return checkUserId(userId, 'userId');
}
