import { z } from 'zod';
import type { Message } from '../messages.ts';
import { type Persona, personaSchema } from '../personas/persona.ts';
import { type MessageChecks, messageChecksSchema } from './user-checks/user-check.ts';
import { type UserCheckRates, userCheckRatesSchema } from './user-checks/user-check-rates.ts';

/** Which of the two responses of a turn. */
export type Side = 'preferred' | 'rejected';

/** One of the two responses to a user message, and the turn that follows when the conversation went on from it. */
export interface ResponseNode {
  readonly text: string;
  /** Whether the model was cut at its token limit before it had finished. */
  readonly truncated: boolean;
  readonly next?: TurnNode | undefined;
}

/** One decision point: a user message and the two responses to it. */
export interface TurnNode {
  /** From 1. */
  readonly turn: number;
  readonly user: string;
  /** What the checks of the user's message found, where they found anything. */
  readonly checks?: MessageChecks | undefined;
  /** Ids of the traits revealed so far, as the preferred model was told them. Along a path they only grow. */
  readonly revealed: readonly string[];
  readonly preferred: ResponseNode;
  readonly rejected: ResponseNode;
}

/** Why a conversation could not go on. */
export interface ConversationFailure {
  readonly turn: number;
  readonly role: string;
  readonly code: string;
  readonly message: string;
  /** What was wrong with each reply that was asked for, where that has names. */
  readonly problems?: readonly string[] | undefined;
}

export const conversationFailureSchema: z.ZodType<ConversationFailure> = z.object({
  turn: z.number().int().min(1),
  role: z.string(),
  code: z.string(),
  message: z.string(),
  problems: z.array(z.string()).optional(),
});

/** What made a tree: enough to say whether two corpora are alike. */
export interface ConversationProvenance {
  readonly models: Readonly<Record<'rolePlayer' | 'inducer' | 'preferred' | 'rejected', string>>;
  /** `id@version` of each prompt. */
  readonly prompts: Readonly<Record<'rolePlayer' | 'inducer' | 'responder', string>>;
  readonly induction: InductionScope;
  readonly seed: number;
}

/**
 * What the inducer sees: the conversation before the current user message (the paper's), or with that message
 * (the authors' code).
 */
export type InductionScope = 'previous-turns' | 'current-message';

/** A tree of turns with one persona. The road the paper takes is one path through it. */
export interface ConversationTree {
  readonly schema: 'aloe-conversation/2';
  readonly id: string;
  readonly persona: Persona;
  /** Null when not even the first turn could be finished. */
  readonly root: TurnNode | null;
  /** Empty for a conversation that reached all its turns. */
  readonly failures: readonly ConversationFailure[];
  /** What the checks of the user's messages found, where they were checked. */
  readonly userChecks?: UserCheckRates | undefined;
  readonly provenance: ConversationProvenance;
}

/** A decision point with the messages that led to it. */
export interface DecisionPoint {
  readonly node: TurnNode;
  /** The conversation so far, ending with this turn's user message. */
  readonly conversation: readonly Message[];
  /** The sides that were taken to come here: `['preferred', 'rejected']` for a node of turn 3. */
  readonly path: readonly Side[];
}

const responseNodeSchema: z.ZodType<ResponseNode> = z.object({
  text: z.string(),
  truncated: z.boolean(),
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
});

export const conversationTreeSchema: z.ZodType<ConversationTree> = z.object({
  // Version 1 differs in its persona alone, which `personaSchema` reads.
  schema: z
    .literal(['aloe-conversation/2', 'aloe-conversation/1'])
    .transform(() => 'aloe-conversation/2' as const),
  id: z.string().min(1),
  persona: personaSchema,
  root: turnNodeSchema.nullable(),
  failures: z.array(conversationFailureSchema),
  userChecks: userCheckRatesSchema.optional(),
  provenance: z.object({
    models: z.object({
      rolePlayer: z.string(),
      inducer: z.string(),
      preferred: z.string(),
      rejected: z.string(),
    }),
    prompts: z.object({ rolePlayer: z.string(), inducer: z.string(), responder: z.string() }),
    induction: z.enum(['previous-turns', 'current-message']),
    seed: z.number().int(),
  }),
});

const SIDES: readonly Side[] = ['preferred', 'rejected'];

/** Every decision point of a tree, parents before children. */
export function* decisionPoints(tree: Pick<ConversationTree, 'root'>): Generator<DecisionPoint> {
  if (tree.root !== null) yield* walk(tree.root, [], []);
}

function* walk(node: TurnNode, history: readonly Message[], path: readonly Side[]): Generator<DecisionPoint> {
  const conversation: Message[] = [...history, { role: 'user', content: node.user }];
  yield { node, conversation, path };
  for (const side of SIDES) {
    const { text, next } = node[side];
    if (next !== undefined)
      yield* walk(next, [...conversation, { role: 'assistant', content: text }], [...path, side]);
  }
}
