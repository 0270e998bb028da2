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
  readonly statements: readonly Statement[];
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
const MAX_PER_TURN = 3;

/**
 * Asks a model which statements the user's own words have revealed. It picks ids, so it cannot invent any. Returns the
 * known ids and at most three new ones, in the persona's order.
 *
 * @throws MalformedReplyError when no attempt gave a valid reply.
 */
export async function induceStatements(model: ChatModel, options: InduceOptions): Promise<string[]> {
  const { statements, known, conversation, place, seedFor, prompt = inductionPrompt, signal } = options;
  const open = statements.filter(({ id }) => !known.includes(id));
  if (open.length === 0 || conversation.length === 0) return [...known];
  const { revealed } = await generateStructured(
    model,
    {
      messages: prompt.messages({ statements, known, conversation }),
      temperature: options.temperature ?? 0,
      maxOutputTokens: options.maxOutputTokens ?? 400,
    },
    {
      name: 'revealed_traits',
      // The schema offers only unrevealed ids, but replies do not always follow it.
      schema: z.object({
        revealed: z.preprocess(
          (reply) => tidyReply(reply, statements, known),
          z.array(z.enum(open.map(({ id }) => id))).max(MAX_PER_TURN),
        ),
      }),
      place,
      attempts: options.attempts,
      seedFor: (sample) => seedFor({ ...place, sample }),
      signal,
    },
  );
  const all = new Set([...known, ...revealed]);
  return statements.filter(({ id }) => all.has(id)).map(({ id }) => id);
}

/**
 * The first few new ids of a reply. `f2`, `F2: Plays chess` and the statement's own text are understood too. Known ids
 * and unknown names are dropped. If no id is found, the reply is returned unchanged and fails validation.
 */
function tidyReply(reply: unknown, statements: readonly Statement[], known: readonly string[]): unknown {
  if (!Array.isArray(reply)) return reply;
  const named = reply
    .map((item: unknown) => findStatement(item, statements)?.id)
    .filter((id) => id !== undefined);
  if (named.length === 0) return reply;
  return [...new Set(named)].filter((id) => !known.includes(id)).slice(0, MAX_PER_TURN);
}

function findStatement(item: unknown, statements: readonly Statement[]): Statement | undefined {
  if (typeof item !== 'string') return undefined;
  const id = /^\W*([a-z]\d+)\b/i.exec(item)?.[1]?.toUpperCase();
  return (
    statements.find((statement) => statement.id === id) ?? statements.find(({ text }) => text === item.trim())
  );
}
