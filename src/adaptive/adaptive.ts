import { describeError } from '../internal/describe-error.ts';
import { checkOptions } from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import {
  addUsage,
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
} from '../models/chat-model.ts';
import { promptName } from '../models/prompt.ts';
import {
  type AdaptiveOptions,
  type CheckedLearningOptions,
  checkUserId,
  LEARNING_CHECKS,
} from './adaptive-options.ts';
import { checkTexts } from './infer-preferences.ts';
import { preferenceLearner } from './learn-preferences.ts';

/** Options of a call to an adaptive model. */
export interface AdaptiveCallOptions extends CallOptions {
  /** Who writes. With a store, their preferences are kept under this name. Default: the model's `userId`. */
  readonly userId?: string | undefined;
}

/** A model that adapts to its user. */
export interface AdaptiveModel extends ChatModel {
  /** Like `ChatModel.generate`, for the user that the call names. */
  generate(request: ChatRequest, options?: AdaptiveCallOptions): Promise<ChatResponse>;
}

/**
 * The method without training: infers the user's preferences from the conversation so far and replies accordingly.
 * Wraps any `ChatModel` and is one itself, for production and evaluation alike. A run wraps the calls inside. For
 * streaming, tools and images, use {@link adaptiveMiddleware} with the AI SDK.
 *
 * Each reply costs one extra call, the inference, which reads what is new since the previous turn. User turns are
 * remembered in memory; if the previous one is not (such as in another process), the whole conversation is read once. The
 * usage of a reply is the sum of its calls. A failed inference is reported and skipped, and the reply is still generated, with
 * a `warning`.
 * A conversation without a user message is passed through unchanged.
 *
 * @example
 * ```ts
 * const model = adaptive(base, { store: new Map<string, readonly string[]>() });
 * const { text } = await model.generate(
 *   { messages: [{ role: 'user', content: 'Hi!' }] },
 *   { userId: 'ann' },
 * );
 * ```
 *
 * @throws InvalidOptionError for an invalid option. Calls throw whatever the model throws for the reply. From an
 * inference they throw only errors that would affect every call: a missing key or package, an exhausted budget.
 */
export function adaptive(model: ChatModel, options: AdaptiveOptions = {}): AdaptiveModel {
  checkMethod('model', model, 'generate', 'a ChatModel');
  const checked = checkOptions<
    AdaptiveOptions,
    CheckedLearningOptions & { readonly inferrer: ChatModel; readonly userId: string | undefined }
  >('adaptive()', options, {
    ...LEARNING_CHECKS,
    inferrer(given = model, option) {
      checkMethod(option, given, 'generate', 'a ChatModel');
      return given;
    },
    userId: checkUserId,
  });
  const { inferrer, known, store, maxPreferences, inferenceTokens, attempts, maxMessages, prompts } = checked;
  const learn = preferenceLearner(checked);

  return {
    id: [
      'adaptive',
      promptName(prompts.inference),
      promptName(prompts.response),
      [maxPreferences, inferenceTokens, attempts, ...(maxMessages === Infinity ? [] : [maxMessages])].join(
        'x',
      ),
      ...(known.length === 0 ? [] : [`known(${known.join('; ')})`]),
      ...(store === undefined ? [] : ['stored']),
      ...(inferrer === model ? [] : [inferrer.id]),
      model.id,
    ].join(':'),
    free: model.free && inferrer.free,
    mapModels(around) {
      const inside = inferrer === model ? undefined : around(inferrer);
      return adaptive(around(model), { ...options, inferrer: inside });
    },
    async generate(request, { userId = checked.userId, ...callOptions } = {}) {
      callOptions.signal?.throwIfAborted();
      checkUserId(userId, 'userId');
      checkTexts(request.messages, 'messages');
      const spoken = request.messages.filter(({ role }) => role !== 'system');
      const last = spoken.findLastIndex(({ role }) => role === 'user');
      if (last === -1) return model.generate(request, callOptions);
      const conversation = spoken.slice(0, last + 1);
      const { preferences, usage, error } = await learn({
        ...callOptions,
        conversation,
        inferrer,
        userId,
        seed: request.seed,
      });
      const messages =
        preferences.length === 0
          ? request.messages
          : prompts.response.messages({ messages: request.messages, preferences });
      const reply = await model.generate({ ...request, messages }, callOptions);
      return {
        ...reply,
        usage: addUsage(usage, reply.usage),
        ...(error !== undefined && { warning: warningOf(error) }),
      };
    },
  };
}

function warningOf(error: unknown): string {
  // The option has another name here.
  const why = describeError(error).message.replace(/Raise maxOutputTokens\.$/, 'Raise inferenceTokens.');
  return `No preferences could be inferred: ${why}`;
}
