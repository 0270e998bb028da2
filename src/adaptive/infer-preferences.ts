import * as z from 'zod';
import type { Message } from '../messages.ts';
import type { CallOptions, ChatModel } from '../models/chat-model.ts';
import { generateStructured } from '../models/structured.ts';
import { tidyStatements } from '../personas/statements.ts';

export interface InferPreferencesOptions extends CallOptions {
  readonly messages: readonly Message[];
  /** Maximum number of preferences. */
  readonly maxPreferences: number;
  readonly maxOutputTokens: number;
  readonly attempts: number;
  readonly seed: number | undefined;
}

/** Characters. A longer preference is cut at the last word that fits. */
const MAX_LENGTH = 120;

/**
 * Asks a model for a list of preferences.
 *
 * @throws MalformedReplyError when no attempt gave a valid list, and whatever the model throws.
 */
export async function inferPreferences(
  model: ChatModel,
  { messages, maxPreferences, maxOutputTokens, attempts, seed, signal, place }: InferPreferencesOptions,
): Promise<readonly string[]> {
  const { preferences } = await generateStructured(
    model,
    { messages, temperature: 0, maxOutputTokens, seed },
    { name: 'preferences', schema: preferencesSchema(maxPreferences), attempts, signal, place },
  );
  return preferences;
}

/** Tolerates a bare list, objects around the texts, and more preferences than requested. */
function preferencesSchema(maxPreferences: number): z.ZodType<{ preferences: string[] }> {
  const limits = { minStatements: 0, maxStatements: maxPreferences, maxLength: MAX_LENGTH };
  return z.preprocess(
    (reply) => (Array.isArray(reply) ? { preferences: reply } : reply),
    z.object({
      preferences: z.preprocess(
        (list) => (Array.isArray(list) ? tidyStatements(list.flatMap(textsOf), limits) : list),
        // Backends that enforce the schema use this limit to stop small models from rambling.
        z.array(z.string().meta({ maxLength: MAX_LENGTH })).max(maxPreferences),
      ),
    }),
  );
}

function textsOf(item: unknown): string[] {
  if (typeof item === 'string') return [item];
  if (typeof item !== 'object' || item === null) return [];
  return Object.values(item).filter((value) => typeof value === 'string');
}
