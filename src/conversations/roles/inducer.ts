import { z } from 'zod';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { generateStructured } from '../../models/structured.ts';
import type { Trait } from '../../personas/persona.ts';
import { type InductionVariables, inductionPrompt } from '../../prompts/induction.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import type { CallPlace } from '../../runs/place.ts';
import type { GenerationSettings } from '../generation-settings.ts';

export interface InduceOptions extends GenerationSettings {
  /** All traits of the persona. */
  readonly traits: readonly Trait[];
  /** Ids revealed before; they stay. */
  readonly known: readonly string[];
  /** What the inducer may see. Without a user message in it, nothing is asked. */
  readonly conversation: readonly Message[];
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  /** Default {@link inductionPrompt}. */
  readonly prompt?: Prompt<InductionVariables> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One or two sentences show few traits; a weak model lists them all. What is cut off can be found a turn later. */
const MOST_PER_TURN = 3;

/**
 * The induction model says which traits the user's own words have revealed, by id: it can choose, but not invent.
 * The answer holds the known ids as well, in the persona's order.
 *
 * @throws MalformedReplyError when no attempt gave a valid answer.
 */
export async function induceTraits(model: ChatModel, options: InduceOptions): Promise<string[]> {
  const { traits, known, conversation, place, seedFor, prompt = inductionPrompt, signal } = options;
  const open = traits.filter(({ id }) => !known.includes(id));
  if (open.length === 0 || conversation.length === 0) return [...known];
  const { revealed } = await generateStructured(
    model,
    {
      messages: prompt.messages({ traits, known, conversation }),
      temperature: options.temperature ?? 0,
      maxOutputTokens: options.maxOutputTokens ?? 400,
    },
    {
      name: 'revealed_traits',
      schema: z.object({ revealed: z.array(z.enum(open.map(({ id }) => id))).max(open.length) }),
      place,
      seedFor: (sample) => seedFor({ ...place, sample }),
      signal,
    },
  );
  const all = new Set([...known, ...revealed.slice(0, MOST_PER_TURN)]);
  return traits.filter(({ id }) => all.has(id)).map(({ id }) => id);
}
