import * as z from 'zod';
import type { Message } from '../../messages.ts';
import type { Persona } from '../../personas/persona.ts';
import type { Brief } from './brief.ts';
import type { Draft } from './draft.ts';

const problems = [
  'empty',
  'refusal',
  'role-slip',
  'role-reversal',
  'assistant-voice',
  'repetition',
  'contradiction',
  'oversharing',
  'prompt-echo',
  'third-person-fact',
] as const;

/**
 * What can be wrong with a user message: it is empty, refuses, talks about the role, plays the other side, uses an
 * assistant's phrases, repeats an earlier message, contradicts the persona, reveals too much at once, repeats the prompt, or
 * speaks of its writer in the third person.
 */
export type UserProblem = (typeof problems)[number];

/** What a message is checked against. */
export interface UserCheckContext {
  readonly persona: Persona;
  /** The conversation so far, of both sides. */
  readonly conversation: readonly Message[];
  /** Maximum number of the persona's statements one message may reveal. */
  readonly maxStatements: number;
  /** The own words of the prompt that asked for the message. */
  readonly brief?: Brief | undefined;
}

/** One check of a user's message. */
export interface UserCheck {
  readonly problem: UserProblem;
  /**
   * Whether a message with this problem is kept and marked if no attempt does better. Such a message is still
   * plausible, and the check can be wrong.
   */
  readonly tolerable: boolean;
  /** The problem, worded for the model that wrote the message, or null. */
  find(draft: Draft, context: UserCheckContext): string | null;
}

/** Problems found in one user message and its drafts. */
export interface MessageChecks {
  /** The problem of each unusable draft, in order. */
  readonly found: readonly UserProblem[];
  /** The problem the message still has, if no attempt did better. */
  readonly kept?: UserProblem | undefined;
  /** True if `userChecks.model` gave no valid answer about the message, so that only code checked it. */
  readonly unchecked?: boolean | undefined;
}

export const userProblemSchema: z.ZodType<UserProblem> = z.enum(problems);

export const messageChecksSchema: z.ZodType<MessageChecks> = z.object({
  found: z.array(userProblemSchema),
  kept: userProblemSchema.optional(),
  unchecked: z.boolean().optional(),
});
