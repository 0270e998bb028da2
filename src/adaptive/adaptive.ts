import { ModelCallError } from '../errors.ts';
import { endsRun } from '../internal/ends-run.ts';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import { recentEntries } from '../internal/recent-entries.ts';
import type { Message } from '../messages.ts';
import { addUsage, type CallOptions, type ChatModel, NO_USAGE, type Usage } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import { type Prompt, promptName } from '../models/prompt.ts';
import { type AdaptedResponseVariables, adaptedResponsePrompt } from './adapted-response.ts';
import { inferPreferences } from './infer-preferences.ts';
import { type PreferenceInferenceVariables, preferenceInferencePrompt } from './preference-inference.ts';

/** Events of an adaptive model. */
export type AdaptiveEvent =
  | {
      readonly type: 'preferences-inferred';
      readonly preferences: readonly string[];
      readonly place: CallPlace | undefined;
    }
  /** The reply used the preferences inferred earlier, if any. */
  | { readonly type: 'inference-failed'; readonly error: unknown; readonly place: CallPlace | undefined };

/** Options of {@link adaptive}. */
export interface AdaptiveOptions {
  /** Model that infers the preferences. Default: the model that replies. */
  readonly inferrer?: ChatModel | undefined;
  /** Maximum number of inferred preferences. Default 8. */
  readonly maxPreferences?: number | undefined;
  /** Maximum length of an inference, in tokens. Default 300. */
  readonly inferenceTokens?: number | undefined;
  /** Attempts per inference if replies are malformed. Default 2. */
  readonly attempts?: number | undefined;
  /** Number of inferences cached, least recently used dropped first. Default 1,000. */
  readonly keptInferences?: number | undefined;
  /** Custom prompts. Omitted ones keep their default. */
  readonly prompts?:
    | {
        readonly inference?: Prompt<PreferenceInferenceVariables> | undefined;
        readonly response?: Prompt<AdaptedResponseVariables> | undefined;
      }
    | undefined;
  /** Called after each inference. */
  readonly onEvent?: ((event: AdaptiveEvent) => void) | undefined;
}

/**
 * The method without training: infers the user's preferences from the conversation so far and replies accordingly.
 * Wraps any `ChatModel` and is one itself, for production and evaluation alike. A run wraps the calls inside.
 *
 * Each reply costs one extra call, the inference, which reads what is new since the previous turn. Inferences are cached
 * in memory by conversation; on a miss (such as in another process) the whole conversation is read once. The usage of a
 * reply is the sum of its calls. A failed inference is reported and skipped, and the reply is still generated.
 * A conversation without a user message is passed through unchanged.
 *
 * @example
 * ```ts
 * const model = adaptive(base, { maxPreferences: 5 });
 * const { text } = await model.generate({ messages: [{ role: 'user', content: 'Hi!' }] });
 * ```
 *
 * @throws InvalidOptionError for an invalid option. Calls throw whatever the model throws for the reply. From an
 * inference they throw only errors that would affect every call: a missing key or package, an exhausted budget.
 */
export function adaptive(model: ChatModel, options: AdaptiveOptions = {}): ChatModel {
  checkMethod('model', model, 'generate', 'a ChatModel');
  checkKnownOptions<AdaptiveOptions>('adaptive()', options, {
    inferrer: true,
    maxPreferences: true,
    inferenceTokens: true,
    attempts: true,
    keptInferences: true,
    prompts: true,
    onEvent: true,
  });
  const { inferrer = model, prompts = {}, onEvent = () => {} } = options;
  checkMethod('inferrer', inferrer, 'generate', 'a ChatModel');
  const { inference = preferenceInferencePrompt, response = adaptedResponsePrompt } = prompts;
  const whole = (
    name: 'maxPreferences' | 'inferenceTokens' | 'attempts' | 'keptInferences',
    fallback: number,
  ) => checkNumber(name, options[name] ?? fallback, { min: 1, integer: true });
  const maxPreferences = whole('maxPreferences', 8);
  const maxOutputTokens = whole('inferenceTokens', 300);
  const attempts = whole('attempts', 2);
  const kept = recentEntries<readonly string[]>(whole('keptInferences', 1_000));

  async function infer(
    conversation: readonly Message[],
    seed: number | undefined,
    { signal, place }: CallOptions,
    onUsage: (usage: Usage) => void,
  ): Promise<readonly string[]> {
    const key = keyOf(conversation);
    const cached = kept.get(key);
    if (cached !== undefined) return cached;
    const before = conversation.slice(0, -1).findLastIndex(({ role }) => role === 'user') + 1;
    const known = before === 0 ? undefined : kept.get(keyOf(conversation.slice(0, before)));
    const unread = known === undefined ? conversation : conversation.slice(before);
    try {
      const preferences = await inferPreferences(metered(inferrer, onUsage), {
        messages: inference.messages({ conversation: unread, known: known ?? [], most: maxPreferences }),
        maxPreferences,
        maxOutputTokens,
        attempts,
        seed,
        signal,
        place: place && { ...place, role: `${place.role}:inference` },
      });
      kept.set(key, preferences);
      onEvent({ type: 'preferences-inferred', preferences, place });
      return preferences;
    } catch (error) {
      signal?.throwIfAborted();
      if (endsRun(error) && !ModelCallError.isInstance(error)) throw error;
      onEvent({ type: 'inference-failed', error, place });
      return known ?? [];
    }
  }

  return {
    id: [
      'adaptive',
      promptName(inference),
      promptName(response),
      `${maxPreferences}x${maxOutputTokens}x${attempts}`,
      ...(inferrer === model ? [] : [inferrer.id]),
      model.id,
    ].join(':'),
    free: model.free && inferrer.free,
    mapModels(around) {
      const inside = inferrer === model ? undefined : around(inferrer);
      return adaptive(around(model), { ...options, inferrer: inside });
    },
    async generate(request, callOptions = {}) {
      callOptions.signal?.throwIfAborted();
      const spoken = request.messages.filter(({ role }) => role !== 'system');
      const last = spoken.findLastIndex(({ role }) => role === 'user');
      if (last === -1) return model.generate(request, callOptions);
      let spent = NO_USAGE;
      const preferences = await infer(spoken.slice(0, last + 1), request.seed, callOptions, (usage) => {
        spent = addUsage(spent, usage);
      });
      const messages =
        preferences.length === 0
          ? request.messages
          : response.messages({ messages: request.messages, preferences });
      const reply = await model.generate({ ...request, messages }, callOptions);
      return { ...reply, usage: addUsage(spent, reply.usage) };
    },
  };
}

function metered(model: ChatModel, onUsage: (usage: Usage) => void): ChatModel {
  return {
    id: model.id,
    async generate(request, options) {
      const response = await model.generate(request, options);
      onUsage(response.usage);
      return response;
    },
  };
}

function keyOf(conversation: readonly Message[]): string {
  return sha256(canonicalJson(conversation.map(({ role, content }) => [role, content])));
}
