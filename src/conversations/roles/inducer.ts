import { z } from 'zod';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import { generateStructured } from '../../models/structured.ts';
import type { Statement } from '../../personas/persona.ts';
import type { GenerationSettings } from '../generation-settings.ts';
import { type InductionVariables, inductionPrompt } from '../prompts/induction.ts';

export interface InduceOptions extends GenerationSettings {
  /** All traits of the persona. */
  readonly traits: readonly Statement[];
  /** Ids revealed before; they stay. */
  readonly known: readonly string[];
  /** What the inducer may see. When it is empty, nothing is asked. */
  readonly conversation: readonly Message[];
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  /** Default {@link inductionPrompt}. */
  readonly prompt?: Prompt<InductionVariables> | undefined;
  /** How often the model is asked before the answer is given up. Default 3. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One or two sentences show few traits; a weak model lists them all. What is cut off can be found a turn later. */
const MOST_PER_TURN = 3;

/**
 * The induction model says which traits the user's own words have revealed, by id: it can choose, but not invent.
 * The answer holds the known ids as well, in the persona's order, and at most three others.
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
      // The model is shown what is open and no more; what it answers may be untidier than that.
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
 * The new ids of an answer, the first few. `f2`, `F2: Plays chess` and the statement itself name a trait as well. One
 * that is known already is no news. Names of no trait are left out, unless there is nothing else: that is no answer.
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
