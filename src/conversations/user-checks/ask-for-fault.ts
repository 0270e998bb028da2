import * as z from 'zod';
import { endsRun } from '../../internal/ends-run.ts';
import { remembered } from '../../internal/remembered.ts';
import type { CallOptions, ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import { generateStructured } from '../../models/structured.ts';
import { type Statement, statementsOf } from '../../personas/persona.ts';
import { FAULTS, userCheckPrompt } from '../prompts/user-check.ts';
import { contradictionReason } from './contradiction.ts';
import type { UserCheckContext } from './user-check.ts';

/** A message that passed the other checks, and the call that asks about it. */
export interface AskForFaultOptions extends CallOptions, UserCheckContext {
  readonly message: string;
  /** Of the call that wrote the message; `sample` is the number of the draft, from 0. */
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
}

/** What a model said of a message. `unanswered` if it gave no valid answer. */
export type FaultAnswer =
  | { readonly problem: (typeof FAULTS)[number]; readonly reason: string }
  | 'none'
  | 'unanswered';

/** What is said to the writer of the message. */
const REASONS: Readonly<Record<Exclude<(typeof FAULTS)[number], 'contradiction'>, string>> = {
  'role-reversal': 'it was what the friend would say; write as the person',
  'assistant-voice': 'it sounded like an assistant; write as this person chats',
  oversharing: 'it told too much about the person at once; tell one thing',
  'prompt-echo': 'it repeated the instructions; write the message alone',
  'third-person-fact': 'it spoke of the person as of somebody else; write as "I"',
};

/**
 * Asks a model for the one fault of a message. For a contradiction it picks a statement of the persona, so it cannot invent
 * one. An invalid or withheld answer says nothing about the message, and neither does a call that failed.
 *
 * @throws Errors that every call would hit. On abort, the signal's reason.
 */
export async function askForFault(
  model: ChatModel,
  { persona, conversation, maxStatements, message, place, seedFor, signal }: AskForFaultOptions,
): Promise<FaultAnswer> {
  const statements = statementsOf(persona);
  // Each draft has a place of its own: the check of a later one does not replace that of the first.
  const role = `${place.role}-check${place.sample ? `-${place.sample}` : ''}`;
  const here = { ...place, role };
  try {
    const { fault, statement } = await generateStructured(
      model,
      {
        messages: userCheckPrompt.messages({ statements, conversation, message, maxStatements }),
        temperature: 0,
        maxOutputTokens: 300,
      },
      {
        name: 'user-check',
        unambiguous: true,
        schema: answerSchema(statements),
        place: here,
        seedFor: (sample) => seedFor({ ...here, sample }),
        signal,
      },
    );
    if (fault === 'none') return 'none';
    const reason =
      fault === 'contradiction'
        ? contradictionReason(statements.find(({ id }) => id === statement)!.text)
        : REASONS[fault];
    return { problem: fault, reason };
  } catch (error) {
    signal?.throwIfAborted();
    if (endsRun(error)) throw error;
    return 'unanswered';
  }
}

/** Accepts what models write: `Role reversal`, `assistant_voice`, null or `no fault` for none, `F3: Keeps bees`. */
const answerSchema = remembered((statements: readonly Statement[]) => {
  const ids = statements.map(({ id }) => id);
  return z
    .object({
      // Only a hint in the JSON schema: a model that must point at words finds fewer faults that are none.
      evidence: z.preprocess(
        (value) => (typeof value === 'string' ? value : undefined),
        z.string().meta({ maxLength: 200 }).optional(),
      ),
      fault: z.preprocess(readFault, z.enum(['none', ...FAULTS])),
      statement: z.preprocess((value) => readStatement(value, ids), z.enum(['none', ...ids])).optional(),
    })
    .refine(({ fault, statement = 'none' }) => fault !== 'contradiction' || statement !== 'none', {
      error: 'a contradiction needs the id of a statement',
      path: ['statement'],
    });
});

function readFault(value: unknown): unknown {
  if (value === null || value === false) return 'none';
  if (typeof value !== 'string') return value;
  const fault = value
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  return /^(?:|no|no-fault|n\/a|null)$/.test(fault) ? 'none' : fault;
}

/** A contradiction without a valid id is refused. With other faults the statement does not matter. */
function readStatement(value: unknown, ids: readonly string[]): string {
  const id =
    typeof value === 'string' ? /^\W*([FT]\d{1,3})(?!\d)/i.exec(value)?.[1]?.toUpperCase() : undefined;
  return id !== undefined && ids.includes(id) ? id : 'none';
}
