import * as z from 'zod';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import { generateStructured } from '../../models/structured.ts';
import type { Statement } from '../../personas/persona.ts';
import type { GenerationSettings } from '../generation-settings.ts';
import { type InductionVariables, inductionPrompt } from '../prompts/induction.ts';

export interface InduceOptions extends GenerationSettings {
  /** All statements of the persona. */
  readonly traits: readonly Statement[];
  /** Ids revealed earlier. They are kept. */
  readonly known: readonly string[];
  /** What the inducer may see. If empty, no call is made. */
  readonly conversation: readonly Message[];
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  /** Default {@link inductionPrompt}. */
  readonly prompt?: Prompt<InductionVariables> | undefined;
  /** Attempts before giving up. Default 3. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One message reveals few statements, but weak models list them all. What is cut off can be found next turn. */
const MOST_PER_TURN = 3;

/**
 * Asks a model which statements the user's own words have revealed. It picks ids, so it cannot invent any. Returns the
 * known ids and at most three new ones, in the persona's order.
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
      messages: prompt.messages({ statements: traits, known, conversation }),
      temperature: options.temperature ?? 0,
      maxOutputTokens: options.maxOutputTokens ?? 400,
    },
    {
      name: 'revealed_traits',
      // The schema offers only unrevealed ids; replies may still be less tidy than that.
      schema: z.object({
        revealed: z.preprocess(
          (answer) => tidyAnswer(answer, traits, known),
          z.array(z.enum(open.map(({ id }) => id))).max(MOST_PER_TURN),
        ),
      }),
      place,
      attempts: options.attempts,
      seedFor: (sample) => seedFor({ ...place, sample }),
      signal,
    },
  );
  const all = new Set([...known, ...revealed]);
  return traits.filter(({ id }) => all.has(id)).map(({ id }) => id);
}

/**
 * The first few new ids of an answer. `f2`, `F2: Plays chess` and the statement's own text are understood too. Known ids
 * and unknown names are dropped. If nothing else is left, the answer is returned as it came and fails validation.
 */
function tidyAnswer(answer: unknown, traits: readonly Statement[], known: readonly string[]): unknown {
  if (!Array.isArray(answer)) return answer;
  const named = answer.map((item: unknown) => findTrait(item, traits)?.id).filter((id) => id !== undefined);
  if (named.length === 0) return answer;
  return [...new Set(named)].filter((id) => !known.includes(id)).slice(0, MOST_PER_TURN);
}

function findTrait(item: unknown, traits: readonly Statement[]): Statement | undefined {
  if (typeof item !== 'string') return undefined;
  const id = /^\W*([a-z]\d+)\b/i.exec(item)?.[1]?.toUpperCase();
  return traits.find((trait) => trait.id === id) ?? traits.find(({ text }) => text === item.trim());
}
