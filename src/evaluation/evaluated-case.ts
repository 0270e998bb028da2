import * as z from 'zod';
import { type CaseUser, caseUserShape } from '../benchmark/benchmark-case.ts';
import { type ConversationFailure, conversationFailureSchema } from '../conversations/conversation-tree.ts';
import { type MessageChecks, messageChecksSchema } from '../conversations/user-checks/user-check.ts';
import type { HabitsShown } from './check-habits.ts';
import { type CaseCosts, caseCostsSchema } from './costs/case-costs.ts';
import { type Judgement, judgementSchema } from './judge.ts';

/** One turn of a case: the user message, the response and its judgement. */
export interface EvaluatedTurn {
  /** From 1. */
  readonly turn: number;
  /** The user's message. */
  readonly user: string;
  /** The candidate's response, with `<think>` blocks removed. Empty if it said nothing or a filter withheld it. */
  readonly response: string;
  /** Whether the response was cut off at the token limit. It was judged as it stands. Absent if it was not cut off. */
  readonly truncated?: boolean | undefined;
  /** What the candidate's model could not do for this response, such as infer preferences. Absent if it told nothing. */
  readonly warning?: string | undefined;
  /** The judge's score, or why there is none. */
  readonly judgement: Judgement;
  /** The judgement of the same response for another persona, that of `otherCase`. Absent if it was not asked for. */
  readonly otherJudgement?: Judgement | undefined;
  /** Problems found in the user's message. Absent if there were none. */
  readonly checks?: MessageChecks | undefined;
  /**
   * Ids of the persona's statements revealed up to and including this message. The list only grows, except that a drift
   * or a new situation removes statements that no longer hold. Absent without an inducer.
   */
  readonly revealed?: readonly string[] | undefined;
}

/**
 * One simulation of a case: the user, with the persona before any drift, and the turns that were played. After a failure
 * there are fewer than the evaluation asked for.
 */
export interface EvaluatedCase extends CaseUser {
  /** Id of the case in the benchmark. */
  readonly caseId: string;
  /** Which simulation of the case this is, from 1. */
  readonly repeat: number;
  /** Id of the case whose persona the responses were also judged for. Absent if there is none. */
  readonly otherCase?: string | undefined;
  /** In order, from turn 1. */
  readonly turns: readonly EvaluatedTurn[];
  /** Which habits a model saw in the user. Absent if none was asked. */
  readonly habitsShown?: HabitsShown | undefined;
  /** What was asked beyond the conversation to measure the costs of alignment. Absent if nothing was. */
  readonly costs?: CaseCosts | undefined;
  /** Why the case ended early; `role` is `user` or `candidate`. */
  readonly failure?: ConversationFailure | undefined;
}

export const evaluatedCaseSchema: z.ZodType<EvaluatedCase> = z.object({
  caseId: z.string().min(1),
  repeat: z.int().min(1),
  ...caseUserShape,
  otherCase: z.string().min(1).optional(),
  turns: z
    .array(
      z.object({
        turn: z.number().int().min(1),
        user: z.string(),
        response: z.string(),
        truncated: z.boolean().optional(),
        warning: z.string().optional(),
        judgement: judgementSchema,
        otherJudgement: judgementSchema.optional(),
        checks: messageChecksSchema.optional(),
        revealed: z.array(z.string()).optional(),
      }),
    )
    .refine((turns) => turns.every(({ turn }, index) => turn === index + 1), {
      error: 'turns must count from 1 without gaps',
    }),
  habitsShown: z.record(z.string(), z.boolean().nullable()).optional(),
  costs: caseCostsSchema.optional(),
  failure: conversationFailureSchema.optional(),
});
