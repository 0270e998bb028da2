import { z } from 'zod';
import { type PersonaDrift, personaDriftSchema } from '../benchmark/benchmark-case.ts';
import { type ConversationFailure, conversationFailureSchema } from '../conversations/conversation-tree.ts';
import { type MessageChecks, messageChecksSchema } from '../conversations/user-checks/user-check.ts';
import { type Persona, personaSchema } from '../personas/persona.ts';
import { type Judgement, judgementSchema } from './judge.ts';

/** One turn of a case, as it was played and judged. */
export interface EvaluatedTurn {
  /** From 1. */
  readonly turn: number;
  readonly user: string;
  /** The candidate's response as it came, without reasoning between `<think>` and `</think>`; empty when it gave none. */
  readonly response: string;
  readonly judgement: Judgement;
  /** What the checks of the user's message found, where they found anything. */
  readonly checks?: MessageChecks | undefined;
  /**
   * Ids of the traits the user had revealed by this message, where an inducer was asked. They only grow, but for those
   * that a drift takes back.
   */
  readonly revealed?: readonly string[] | undefined;
}

/** One case, with the turns that were played: fewer than asked for when there is a failure. */
export interface EvaluatedCase {
  readonly caseId: string;
  readonly persona: Persona;
  /** From when on the user was who else. */
  readonly drift?: PersonaDrift | undefined;
  readonly turns: readonly EvaluatedTurn[];
  /** Why the case could not go on: `role` is `user` or `candidate`. */
  readonly failure?: ConversationFailure | undefined;
}

export const evaluatedCaseSchema: z.ZodType<EvaluatedCase> = z.object({
  caseId: z.string().min(1),
  persona: personaSchema,
  drift: personaDriftSchema.optional(),
  turns: z
    .array(
      z.object({
        turn: z.number().int().min(1),
        user: z.string(),
        response: z.string(),
        judgement: judgementSchema,
        checks: messageChecksSchema.optional(),
        revealed: z.array(z.string()).optional(),
      }),
    )
    .refine((turns) => turns.every(({ turn }, index) => turn === index + 1), {
      error: 'turns must count from 1 without gaps',
    }),
  failure: conversationFailureSchema.optional(),
});
