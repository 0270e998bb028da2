import * as z from 'zod';
import type { Message } from '../messages.ts';
import { type Persona, personaSchema } from '../personas/persona.ts';
import { type AlternativeResponse, alternativeResponseSchema } from './alternative-response.ts';
import { type Habit, habitSchema } from './behaviour/habits.ts';
import { type PairVerdict, pairVerdictSchema } from './pair-verdict.ts';
import { type ServedNames, servedNamesSchema } from './served-roles.ts';
import { SIDES, type Side } from './side.ts';
import { type MessageChecks, messageChecksSchema } from './user-checks/user-check.ts';
import { type UserCheckRates, userCheckRatesSchema } from './user-checks/user-check-rates.ts';

export type { Side } from './side.ts';

/** A response to a user message and, if the conversation continued from it, the next turn. */
export interface ResponseNode {
  /** As written by the model, without reasoning. */
  readonly text: string;
  /** Whether the response hit its token limit. It then ends with its last complete sentence. */
  readonly truncated: boolean;
  /** Id of the model that wrote it, where several models write a side. */
  readonly model?: string | undefined;
  /** Mean of the picker's ratings, from 1 to 10, where a response was picked from several. */
  readonly score?: number | undefined;
  /** The responses that were not chosen, best first. Undefined if there was one response to choose from. */
  readonly alternatives?: readonly AlternativeResponse[] | undefined;
  /** Undefined if the conversation ended here or continued from the other response. */
  readonly next?: TurnNode | undefined;
}

/** One decision point: a user message and the two responses to it. */
export interface TurnNode {
  /** From 1. */
  readonly turn: number;
  /** The user message. */
  readonly user: string;
  /** Problems found in the user message and its drafts. Undefined if there were none. */
  readonly checks?: MessageChecks | undefined;
  /** Ids of the statements revealed so far, which the preferred model was told. Along a path the list only grows. */
  readonly revealed: readonly string[];
  /** Written by the model that was told the revealed statements. */
  readonly preferred: ResponseNode;
  /** Written by the model that was told nothing. */
  readonly rejected: ResponseNode;
  /** Which of the two responses a judge that knows the persona prefers. Undefined if none was asked. */
  readonly verdict?: PairVerdict | undefined;
}

/** Why a conversation could not continue. */
export interface ConversationFailure {
  /** From 1. */
  readonly turn: number;
  /** The role whose call failed, such as `role-player`. */
  readonly role: string;
  /** The error's `code`. `unknown` for an error from outside this library. */
  readonly code: string;
  readonly message: string;
  /** The problem with each unusable reply, in order. Undefined for other failures. */
  readonly problems?: readonly string[] | undefined;
}

export const conversationFailureSchema: z.ZodType<ConversationFailure> = z.object({
  turn: z.number().int().min(1),
  role: z.string(),
  code: z.string(),
  message: z.string(),
  problems: z.array(z.string()).optional(),
});

/** How a tree was made, in enough detail to tell whether two corpora are comparable. */
export interface ConversationProvenance {
  /** Model id of each role. Several models of one side stand with commas between them. `picker` only with `bestOf`. */
  readonly models: Readonly<Record<'rolePlayer' | 'inducer' | 'preferred' | 'rejected', string>> & {
    readonly picker?: string | undefined;
  };
  /** `id@version` of each prompt. `picker` only with `bestOf`. */
  readonly prompts: Readonly<Record<'rolePlayer' | 'inducer' | 'responder', string>> & {
    readonly picker?: string | undefined;
  };
  /** How many responses each side was chosen from. Absent if it was one. */
  readonly bestOf?: Readonly<Record<Side, number>> | undefined;
  /** What the inducer saw. */
  readonly induction: InductionScope;
  /** Seed of the run. */
  readonly seed: number;
  /** What the servers of the models say they are. Absent if none does. */
  readonly served?: ServedNames | undefined;
}

/**
 * What the inducer sees: the conversation up to the current user message, including it (as in the authors' code) or
 * excluding it (as in the paper).
 */
export type InductionScope = 'current-message' | 'previous-turns';

/** A tree of turns with one persona. The paper's conversations are single paths. */
export interface ConversationTree {
  /** Name and version of the format. */
  readonly schema: 'aloe-conversation/2';
  /** The persona's id, followed by `#2`, `#3`, … if the persona appears more than once. */
  readonly id: string;
  readonly persona: Persona;
  /** What the user wanted done in this conversation. Absent for nothing. */
  readonly task?: string | undefined;
  /** How the user behaved. What a habit makes the user want is among the traits of `persona`. Absent for nothing in particular. */
  readonly habits?: readonly Habit[] | undefined;
  /** Null if not even the first turn was completed. */
  readonly root: TurnNode | null;
  /** Empty if the conversation completed all its turns. */
  readonly failures: readonly ConversationFailure[];
  /** Results of the user-message checks. Undefined if messages were not checked. */
  readonly userChecks?: UserCheckRates | undefined;
  /** How the tree was made. */
  readonly provenance: ConversationProvenance;
}

/** A decision point with the messages that led to it. */
export interface DecisionPoint {
  /** The turn, with all turns that follow it. */
  readonly node: TurnNode;
  /** The conversation so far, ending with this turn's user message. */
  readonly conversation: readonly Message[];
  /** The sides taken to get here, such as `['preferred', 'rejected']` for a node of turn 3. */
  readonly path: readonly Side[];
}

/** Each turn is nested two levels deeper than the one before, and JSON is read up to 1,000 levels. */
export const MAX_TURNS = 450;

const responseNodeSchema: z.ZodType<ResponseNode> = z.object({
  text: z.string(),
  truncated: z.boolean(),
  model: z.string().optional(),
  score: z.number().optional(),
  alternatives: z.array(alternativeResponseSchema).optional(),
  get next(): z.ZodOptional<z.ZodType<TurnNode>> {
    return z.optional(turnNodeSchema);
  },
});

const turnNodeSchema: z.ZodType<TurnNode> = z.object({
  turn: z.number().int().min(1),
  user: z.string(),
  checks: messageChecksSchema.optional(),
  revealed: z.array(z.string()),
  preferred: responseNodeSchema,
  rejected: responseNodeSchema,
  verdict: pairVerdictSchema.optional(),
});

/** Schema of a conversation tree. Trees from version 1 files are converted to the current field names. */
export const conversationTreeSchema: z.ZodType<ConversationTree> = z.object({
  // Version 1 differs only in its persona, which `personaSchema` converts.
  schema: z.preprocess(
    (version) => (version === 'aloe-conversation/1' ? 'aloe-conversation/2' : version),
    z.literal('aloe-conversation/2'),
  ),
  id: z.string().min(1),
  persona: personaSchema,
  task: z.string().min(1).optional(),
  habits: z.array(habitSchema).optional(),
  root: turnNodeSchema.nullable(),
  failures: z.array(conversationFailureSchema),
  userChecks: userCheckRatesSchema.optional(),
  provenance: z.object({
    models: z.object({
      rolePlayer: z.string(),
      inducer: z.string(),
      preferred: z.string(),
      rejected: z.string(),
      picker: z.string().optional(),
    }),
    prompts: z.object({
      rolePlayer: z.string(),
      inducer: z.string(),
      responder: z.string(),
      picker: z.string().optional(),
    }),
    bestOf: z.object({ preferred: z.int().min(1), rejected: z.int().min(1) }).optional(),
    induction: z.enum(['previous-turns', 'current-message']),
    seed: z.number().int(),
    served: servedNamesSchema.optional(),
  }),
});

/**
 * Every decision point of a tree, parents before children.
 *
 * @example
 * ```ts
 * for (const { node, conversation } of decisionPoints(tree)) console.log(conversation.length, node.preferred.text);
 * ```
 */
export function* decisionPoints(tree: Pick<ConversationTree, 'root'>): Generator<DecisionPoint> {
  // A list rather than recursion, which could overflow the stack.
  const ahead = tree.root === null ? [] : [pointOf(tree.root, [], [])];
  for (let point = ahead.pop(); point !== undefined; point = ahead.pop()) {
    yield point;
    const { node, conversation, path } = point;
    for (const side of SIDES.toReversed()) {
      const { text, next } = node[side];
      if (next === undefined) continue;
      ahead.push(pointOf(next, [...conversation, { role: 'assistant', content: text }], [...path, side]));
    }
  }
}

function pointOf(node: TurnNode, history: readonly Message[], path: readonly Side[]): DecisionPoint {
  return { node, conversation: [...history, { role: 'user', content: node.user }], path };
}
