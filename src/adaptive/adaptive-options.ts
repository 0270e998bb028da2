import { InvalidOptionError } from '../errors.ts';
import {
  type CheckedOptions,
  callback,
  type OptionChecks,
  wholeNumber,
  withMethod,
} from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import type { ChatModel, Usage } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { Prompt } from '../models/prompt.ts';
import { tidyStatement } from '../personas/statements.ts';
import { type AdaptedResponseVariables, adaptedResponsePrompt } from './adapted-response.ts';
import { type PreferenceInferenceVariables, preferenceInferencePrompt } from './preference-inference.ts';
import { MAX_PREFERENCE_LENGTH, type PreferenceStore } from './preference-store.ts';

/** Events of an adaptive model. `userId` is undefined for a user without an id. */
export type AdaptiveEvent =
  | {
      readonly type: 'preferences-inferred';
      /** The whole list, as the reply uses it. */
      readonly preferences: readonly string[];
      readonly userId: string | undefined;
      /** Tokens of the inference. */
      readonly usage: Usage;
      readonly place: CallPlace | undefined;
    }
  /** The reply used the preferences known before, if any. */
  | {
      readonly type: 'inference-failed';
      readonly error: unknown;
      readonly userId: string | undefined;
      readonly usage: Usage;
      readonly place: CallPlace | undefined;
    }
  /** The store could not be read or written. The reply used what the conversation shows. */
  | {
      readonly type: 'store-failed';
      readonly error: unknown;
      readonly userId: string;
      readonly place: CallPlace | undefined;
    };

/** Prompts of an adaptive model. Omitted ones keep their default. */
export interface AdaptivePrompts {
  /** Asks for the preferences. Default `preferenceInferencePrompt`. */
  readonly inference?: Prompt<PreferenceInferenceVariables> | undefined;
  /** Adds the preferences to the request. Default `adaptedResponsePrompt`. */
  readonly response?: Prompt<AdaptedResponseVariables> | undefined;
}

/** Options of {@link adaptive}. */
export interface AdaptiveOptions {
  /** Model that infers the preferences. Default: the model that replies. */
  readonly inferrer?: ChatModel | undefined;
  /**
   * Preferences known from elsewhere, such as a settings page: at most `maxPreferences`, of at most 120 characters. Each
   * conversation starts with them, unless the store has an entry for the user. Default: none.
   */
  readonly known?: readonly string[] | undefined;
  /** Keeps the preferences of users with an id between conversations. Default: they last as long as the conversation. */
  readonly store?: PreferenceStore | undefined;
  /** Whose preferences these are, unless a call names its own user. Default: a user without an id, who is not stored. */
  readonly userId?: string | undefined;
  /** Maximum number of preferences. Default 8. */
  readonly maxPreferences?: number | undefined;
  /** Maximum length of an inference, in tokens. A model that reasons before it answers needs a few thousand. Default 300. */
  readonly inferenceTokens?: number | undefined;
  /** Attempts per inference if replies are malformed. Default 2. */
  readonly attempts?: number | undefined;
  /**
   * Longest wait for an inference, in milliseconds, and for the store each time. After that the inference or the store
   * counts as failed, and the reply is generated without it. Default: no limit.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Maximum number of messages that an inference reads, the newest first. Only new messages are read, but if the previous
   * turn is not in memory, such as on a serverless platform, that is the whole conversation. Default: no limit.
   */
  readonly maxMessages?: number | undefined;
  /** Number of user turns remembered in memory, least recently used dropped first. Default 1,000. */
  readonly keptInferences?: number | undefined;
  /** Custom prompts. Omitted ones keep their default. */
  readonly prompts?: AdaptivePrompts | undefined;
  /** Called after each inference, and when the store fails. */
  readonly onEvent?: ((event: AdaptiveEvent) => void) | undefined;
}

/** The options that do not depend on what is wrapped. */
export type LearningOptions = Omit<AdaptiveOptions, 'inferrer' | 'userId'>;

interface CheckedLearning {
  readonly store: PreferenceStore | undefined;
  readonly timeoutMs: number | undefined;
  readonly maxMessages: number;
  readonly prompts: Required<{ [Name in keyof AdaptivePrompts]: NonNullable<AdaptivePrompts[Name]> }>;
}

export type CheckedLearningOptions = CheckedOptions<LearningOptions, CheckedLearning>;

/** Checks of the options that `adaptive` and the middleware share. */
export const LEARNING_CHECKS: OptionChecks<LearningOptions, CheckedLearningOptions> = {
  known: (given = []) => given,
  store(given, option) {
    if (given === undefined) return undefined;
    for (const method of ['get', 'set'] as const) {
      withMethod<PreferenceStore>(method, 'a store with the methods get and set')(given, option);
    }
    return given;
  },
  maxPreferences: wholeNumber({ min: 1 }, 8),
  inferenceTokens: wholeNumber({ min: 1 }, 300),
  attempts: wholeNumber({ min: 1 }, 2),
  timeoutMs: (given, option) =>
    given === undefined ? undefined : checkNumber(option, given, { min: 1, max: 2 ** 31 - 1, integer: true }),
  maxMessages: (given, option) =>
    given === undefined ? Infinity : checkNumber(option, given, { min: 1, integer: true }),
  keptInferences: wholeNumber({ min: 1 }, 1_000),
  prompts: ({ inference = preferenceInferencePrompt, response = adaptedResponsePrompt } = {}) => ({
    inference,
    response,
  }),
  onEvent: callback<(event: AdaptiveEvent) => void>(() => {}),
};

/** @throws InvalidOptionError unless `known` is a list that an inference could have given. */
export function checkKnownPreferences(known: readonly string[], maxPreferences: number): readonly string[] {
  const fits = (text: unknown) =>
    typeof text === 'string' && text.length <= MAX_PREFERENCE_LENGTH && tidyStatement(text) !== '';
  if (!Array.isArray(known) || known.length > maxPreferences || !known.every(fits)) {
    throw new InvalidOptionError(
      'known',
      `at most ${maxPreferences} texts of 1 to ${MAX_PREFERENCE_LENGTH} characters`,
      known,
    );
  }
  return known;
}

/** @throws InvalidOptionError for an empty id, which every anonymous user would share. */
export function checkUserId(given: unknown, option: string): string | undefined {
  if (given === undefined || (typeof given === 'string' && given.trim() !== '')) return given;
  throw new InvalidOptionError(option, 'a text that is not empty', given);
}
