import * as z from 'zod';
import { endsRun } from '../../internal/ends-run.ts';
import { sample, seededRandom } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import { generateStructured } from '../../models/structured.ts';
import type { Persona } from '../../personas/persona.ts';
import type { PickResponseVariables } from '../prompts/pick-response.ts';

/** How responses are rated. */
export interface RateResponsesOptions {
  readonly persona: Persona;
  readonly task: string | undefined;
  /** The conversation so far, ending with the user message. */
  readonly conversation: readonly Message[];
  readonly prompt: Prompt<PickResponseVariables>;
  /** The place of the first and of the second call. */
  readonly placeOf: (call: 1 | 2) => CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  readonly attempts: number;
  readonly signal: AbortSignal;
}

/** Replies are named by letters: an object keeps whole numbers before all other keys, so the reason could not come first. */
const NAMES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** As many responses as one call can rate. */
export const MAX_BEST_OF = 16;
/** One line of ratings and a sentence. */
const MAX_TOKENS = 400;

/**
 * Has a model that knows the persona rate responses to one message. It is asked twice, in an order drawn by the seed and in
 * the reverse of it, so that position bias cancels out. A score is the mean of both ratings. Null if no call gave ratings.
 *
 * @param texts Different ones, at most 16.
 * @returns Scores from 1 to 10, in the order of `texts`.
 * @throws Errors that every call would hit, once both calls have ended. On abort, the signal's reason.
 */
export async function rateResponses(
  picker: ChatModel,
  texts: readonly string[],
  options: RateResponsesOptions,
): Promise<readonly number[] | null> {
  const { persona, task, conversation, prompt, placeOf, seedFor, attempts, signal } = options;
  const drawn = sample([...texts.keys()], texts.length, seededRandom(seedFor(placeOf(1))));

  async function rate(order: readonly number[], call: 1 | 2): Promise<readonly number[] | null> {
    const place = placeOf(call);
    const responses = Object.fromEntries(order.map((index, at) => [NAMES[at]!, texts[index]!]));
    try {
      const ratings = await generateStructured(
        picker,
        {
          messages: prompt.messages({ persona, task, conversation, responses }),
          temperature: 0,
          maxOutputTokens: MAX_TOKENS,
        },
        {
          name: 'ratings',
          schema: ratingsSchema(NAMES.slice(0, texts.length)),
          attempts,
          unambiguous: true,
          seedFor: (sample) => seedFor({ ...place, sample }),
          place,
          signal,
        },
      );
      return texts.map((_, index) => Number(ratings[NAMES[order.indexOf(index)]!]));
    } catch (error) {
      signal.throwIfAborted();
      if (endsRun(error)) throw error;
      return null;
    }
  }

  // All settled, so that a finished call reaches the journal even if the other one fails.
  const settled = await Promise.allSettled([rate(drawn, 1), rate(drawn.toReversed(), 2)]);
  const given = settled.flatMap((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value === null ? [] : [each.value];
  });
  if (given.length === 0) return null;
  return texts.map((_, index) => given.reduce((sum, ratings) => sum + ratings[index]!, 0) / given.length);
}

type Ratings = z.ZodType<Readonly<Record<string, unknown>>>;

/** One schema for each number of responses: compiling it takes longer than a replayed call. */
const schemas = new Map<string, Ratings>();

function ratingsSchema(names: string): Ratings {
  const known = schemas.get(names);
  if (known !== undefined) return known;
  const rating = z.preprocess(
    // "7/10" and "7 out of 10" too.
    (value) => (typeof value === 'string' ? Number(/^\s*(\d+)(?:\D+10)?\W*$/.exec(value)?.[1]) : value),
    z.int().min(1).max(10),
  );
  const schema = z.object({
    rationale: z.string().catch(''),
    ...Object.fromEntries([...names].map((name) => [name, rating])),
  });
  schemas.set(names, schema);
  return schema;
}
