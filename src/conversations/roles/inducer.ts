import * as z from 'zod';
import type { Message } from '../../messages.ts';
import type { ChatModel, JsonSchema } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import { askForJson, type ParsedReply, parseStructured } from '../../models/structured.ts';
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
  const ids = open.map(({ id }) => id);
  const { revealed } = await askForJson<Revealed>(
    model,
    {
      messages: prompt.messages({ statements, known, conversation }),
      temperature: options.temperature ?? 0,
      maxOutputTokens: options.maxOutputTokens ?? 400,
    },
    {
      name: 'revealed_traits',
      jsonSchema: jsonSchemaOf(ids),
      read: (text) =>
        readRevealed(text, statements, known) ?? parseStructured(text, schemaOf(ids, statements, known)),
      place,
      attempts: options.attempts,
      seedFor: (sample) => seedFor({ ...place, sample }),
      signal,
    },
  );
  const all = new Set([...known, ...revealed]);
  return statements.filter(({ id }) => all.has(id)).map(({ id }) => id);
}

interface Revealed {
  readonly revealed: readonly string[];
}

/** What {@link schemaOf} is to the model. It offers only unrevealed ids, but replies do not always follow it. */
function jsonSchemaOf(ids: readonly string[]): JsonSchema {
  return {
    type: 'object',
    properties: {
      revealed: { maxItems: MAX_PER_TURN, type: 'array', items: { type: 'string', enum: ids } },
    },
    required: ['revealed'],
    additionalProperties: false,
  };
}

function schemaOf(
  ids: readonly string[],
  statements: readonly Statement[],
  known: readonly string[],
): z.ZodType<Revealed> {
  return z.object({
    revealed: z.preprocess(
      (reply) => tidyReply(reply, statements, known),
      z.array(z.enum(ids)).max(MAX_PER_TURN),
    ),
  });
}

/** Reads a reply that is plain JSON, as nearly all are, without compiling a schema for it. Undefined for any other. */
function readRevealed(
  text: string,
  statements: readonly Statement[],
  known: readonly string[],
): ParsedReply<Revealed> | undefined {
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = (reply as Partial<Record<'revealed', unknown>> | null)?.revealed;
  if (!Array.isArray(list)) return undefined;
  const named = namedIn(list, statements);
  if (named.length === 0 && list.length > 0) return undefined;
  return { ok: true, value: { revealed: newIds(named, known) } };
}

/**
 * The first few new ids of a reply. `f2`, `F2: Plays chess` and the statement's own text are understood too. Known ids
 * and unknown names are dropped. If no id is found, the reply is returned unchanged and fails validation.
 */
function tidyReply(reply: unknown, statements: readonly Statement[], known: readonly string[]): unknown {
  if (!Array.isArray(reply)) return reply;
  const named = namedIn(reply, statements);
  return named.length === 0 ? reply : newIds(named, known);
}

function namedIn(list: readonly unknown[], statements: readonly Statement[]): string[] {
  return list.map((item) => findStatement(item, statements)?.id).filter((id) => id !== undefined);
}

function newIds(named: readonly string[], known: readonly string[]): string[] {
  return [...new Set(named)].filter((id) => !known.includes(id)).slice(0, MAX_PER_TURN);
}

function findStatement(item: unknown, statements: readonly Statement[]): Statement | undefined {
  if (typeof item !== 'string') return undefined;
  const id = /^\W*([a-z]\d+)\b/i.exec(item)?.[1]?.toUpperCase();
  return (
    statements.find((statement) => statement.id === id) ?? statements.find(({ text }) => text === item.trim())
  );
}
