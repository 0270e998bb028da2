import { ModelCallError } from '../errors.ts';
import { endsRun } from '../internal/ends-run.ts';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import { recentEntries } from '../internal/recent-entries.ts';
import type { Message } from '../messages.ts';
import { addUsage, type CallOptions, type ChatModel, NO_USAGE, type Usage } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import { type Prompt, promptName } from '../models/prompt.ts';
import { type AdaptedResponseVariables, adaptedResponsePrompt } from './adapted-response.ts';
import { inferPreferences } from './infer-preferences.ts';
import { type PreferenceInferenceVariables, preferenceInferencePrompt } from './preference-inference.ts';

/** What an adaptive model reports. */
export type AdaptiveEvent =
  | {
      readonly type: 'preferences-inferred';
      readonly preferences: readonly string[];
      readonly place: CallPlace | undefined;
    }
  /** The answer was made by what had been inferred before, which may be nothing. */
  | { readonly type: 'inference-failed'; readonly error: unknown; readonly place: CallPlace | undefined };

export interface AdaptiveOptions {
  /** Infers the preferences. Default: the model that answers. */
  readonly inferrer?: ChatModel | undefined;
  /** How many preferences are inferred at most. Default 8. */
  readonly maxPreferences?: number | undefined;
  /** Upper bound of an inference, in tokens. Default 300. */
  readonly inferenceTokens?: number | undefined;
  /** How often an inference is asked for in all, when it is malformed. Default 2. */
  readonly attempts?: number | undefined;
  /** How many inferences are kept, the latest used ones. Default 1,000. */
  readonly keptInferences?: number | undefined;
  /** Prompts of one's own; each that is left out keeps its default. */
  readonly prompts?:
    | {
        readonly inference?: Prompt<PreferenceInferenceVariables> | undefined;
        readonly response?: Prompt<AdaptedResponseVariables> | undefined;
      }
    | undefined;
  readonly onEvent?: ((event: AdaptiveEvent) => void) | undefined;
}

/**
 * The method without training: a model that finds out from the conversation so far what the user likes, and answers by
 * it. Takes any `ChatModel` and is one, for production code as for an evaluation; a run puts itself around the calls
 * inside.
 *
 * A reply costs one more call, before the answer: the inference, over what was said since the one of the turn before.
 * That one is kept in memory by its conversation; where it is not there (another process), the whole conversation is
 * read once. The usage of a reply is that of its calls together. An inference that fails is reported and left out: the
 * answer comes all the same. A conversation without a user's message is passed on as it is.
 *
 * @throws InvalidOptionError for an option that is wrong. Calls throw what the model throws for the answer, and for an
 * inference what no other call would get past either: a missing key or package, a budget used up.
 */
export function adaptive(model: ChatModel, options: AdaptiveOptions = {}): ChatModel {
  checkMethod('model', model, 'generate', 'a ChatModel');
  const { inferrer = model, prompts = {}, onEvent = () => {} } = options;
  checkMethod('inferrer', inferrer, 'generate', 'a ChatModel');
  const { inference = preferenceInferencePrompt, response = adaptedResponsePrompt } = prompts;
  const whole = (
    name: 'maxPreferences' | 'inferenceTokens' | 'attempts' | 'keptInferences',
    byDefault: number,
  ) => checkNumber(name, options[name] ?? byDefault, { min: 1, integer: true });
  const most = whole('maxPreferences', 8);
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
    const same = kept.get(key);
    if (same !== undefined) return same;
    const before = conversation.slice(0, -1).findLastIndex(({ role }) => role === 'user') + 1;
    const known = before === 0 ? undefined : kept.get(keyOf(conversation.slice(0, before)));
    const unread = known === undefined ? conversation : conversation.slice(before);
    try {
      const preferences = await inferPreferences(metered(inferrer, onUsage), {
        messages: inference.messages({ conversation: unread, known: known ?? [], most }),
        most,
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
      `${most}x${maxOutputTokens}x${attempts}`,
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
      const answer = await model.generate({ ...request, messages }, callOptions);
      return { ...answer, usage: addUsage(spent, answer.usage) };
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
