import * as z from 'zod';
import { InvalidOptionError } from '../errors.ts';
import { type CheckedOptions, checkOptions, wholeNumber } from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import type { Message } from '../messages.ts';
import type { CallOptions, ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import { generateStructured } from '../models/structured.ts';
import { tidyStatements } from '../personas/statements.ts';
import { checkKnownPreferences } from './adaptive-options.ts';
import { type PreferenceInferenceVariables, preferenceInferencePrompt } from './preference-inference.ts';
import { MAX_PREFERENCE_LENGTH } from './preference-store.ts';

/** Options of {@link inferPreferences}. */
export interface InferPreferencesOptions extends CallOptions {
  /** The messages to read, oldest first, at least one of them the user's. System messages are left out. */
  readonly conversation: readonly Message[];
  /** Preferences known before this conversation. The new list contains those that still hold. Default: none. */
  readonly known?: readonly string[] | undefined;
  /** Maximum number of preferences. Default 8. */
  readonly maxPreferences?: number | undefined;
  /** Maximum length of the model's reply, in tokens. A model that reasons first needs a few thousand. Default 300. */
  readonly maxOutputTokens?: number | undefined;
  /** Attempts if replies are malformed. Default 2. */
  readonly attempts?: number | undefined;
  /** Sampling seed. Default: the provider's. */
  readonly seed?: number | undefined;
  /** Custom prompt. Default `preferenceInferencePrompt`. */
  readonly prompt?: Prompt<PreferenceInferenceVariables> | undefined;
}

/**
 * Asks a model what a conversation shows about how the user likes to be answered. One call, at temperature 0.
 *
 * @returns the whole list, the surest first: what was known and still holds, and what is new. Each preference has at most
 * 120 characters. Empty if nothing shows yet.
 *
 * @example
 * ```ts
 * import { inferPreferences } from 'aloe-align/adaptive';
 *
 * const preferences = await inferPreferences(model, {
 *   conversation: messages,
 *   known: ['Likes short answers'],
 * });
 * ```
 *
 * @throws InvalidOptionError for an invalid option, MalformedReplyError if no attempt gave a valid list, and whatever the
 * model throws.
 */
export async function inferPreferences(
  model: ChatModel,
  options: InferPreferencesOptions,
): Promise<readonly string[]> {
  checkMethod('model', model, 'generate', 'a ChatModel');
  const { conversation, known, maxPreferences, maxOutputTokens, attempts, seed, prompt, signal, place } =
    checkOptions<InferPreferencesOptions, CheckedInference>('inferPreferences()', options, {
      conversation: spokenMessages,
      known: (given = []) => given,
      maxPreferences: wholeNumber({ min: 1 }, 8),
      maxOutputTokens: wholeNumber({ min: 1 }, 300),
      attempts: wholeNumber({ min: 1 }, 2),
      seed: (given) => given,
      prompt: (given = preferenceInferencePrompt) => given,
      signal: (given) => given,
      place: (given) => given,
    });
  const messages = prompt.messages({
    conversation,
    known: checkKnownPreferences(known, maxPreferences),
    most: maxPreferences,
  });
  const { preferences } = await generateStructured(
    model,
    { messages, temperature: 0, maxOutputTokens, seed },
    { name: 'preferences', schema: preferencesSchema(maxPreferences), attempts, signal, place },
  );
  return preferences;
}

type CheckedInference = CheckedOptions<
  InferPreferencesOptions,
  Pick<InferPreferencesOptions, 'seed' | keyof CallOptions>
>;

/**
 * The messages without those of the system.
 *
 * @throws InvalidOptionError if none is the user's, or one is not text.
 */
function spokenMessages(messages: readonly Message[], option: string): readonly Message[] {
  checkTexts(messages, option);
  const spoken = messages.filter(({ role }) => role !== 'system');
  if (!spoken.some(({ role }) => role === 'user')) {
    throw new InvalidOptionError(option, 'messages with at least one of the user', messages);
  }
  return spoken;
}

/** @throws InvalidOptionError naming the first message that is not text. */
export function checkTexts(messages: readonly Message[], option: string): void {
  if (!Array.isArray(messages)) throw new InvalidOptionError(option, 'a list of messages', messages);
  for (const [index, { content }] of messages.entries()) {
    if (typeof content === 'string') continue;
    throw new InvalidOptionError(`${option}[${index}].content`, 'text', content, {
      hint: 'For images, files and tool calls, use adaptiveMiddleware() with the AI SDK.',
    });
  }
}

/** Tolerates a bare list, objects around the texts, and more preferences than requested. */
function preferencesSchema(maxPreferences: number): z.ZodType<{ preferences: string[] }> {
  const limits = {
    minStatements: 0,
    maxStatements: maxPreferences,
    maxLength: MAX_PREFERENCE_LENGTH,
  };
  return z.preprocess(
    (reply) => (Array.isArray(reply) ? { preferences: reply } : reply),
    z.object({
      preferences: z.preprocess(
        (list) => (Array.isArray(list) ? tidyStatements(list.flatMap(textsOf), limits) : list),
        // Backends that enforce the schema use this limit to stop small models from rambling.
        z.array(z.string().meta({ maxLength: MAX_PREFERENCE_LENGTH })).max(maxPreferences),
      ),
    }),
  );
}

function textsOf(item: unknown): string[] {
  if (typeof item === 'string') return [item];
  if (typeof item !== 'object' || item === null) return [];
  return Object.values(item).filter((value) => typeof value === 'string');
}
