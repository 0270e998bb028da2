import { z } from 'zod';
import type { Message } from '../../messages.ts';
import type { Persona } from '../../personas/persona.ts';

const problems = [
  'empty',
  'refusal',
  'role-slip',
  'role-reversal',
  'assistant-voice',
  'repetition',
  'contradiction',
  'oversharing',
] as const;

/**
 * What can be wrong with a text that was to be a user's message: no words; a refusal; talk about the role; the other
 * side's part; an assistant's phrases; what was said before; what the persona's facts deny; too much at once.
 */
export type UserProblem = (typeof problems)[number];

/** What a message is checked against. */
export interface UserCheckContext {
  readonly persona: Persona;
  /** The conversation so far, of both sides. */
  readonly conversation: readonly Message[];
  /** How many statements of the persona one message may tell. */
  readonly maxStatements: number;
}

/** One check of a user's message. */
export interface UserCheck {
  readonly problem: UserProblem;
  /**
   * Whether a message with this problem is kept, marked, when no better one comes: it is a person's message still, and
   * the check can be wrong.
   */
  readonly tolerable: boolean;
  /** What is wrong, told to whoever wrote it; null when nothing is. `reply` is the text before it was cleaned. */
  find(text: string, context: UserCheckContext, reply: string): string | null;
}

/** What the checks found in one user message. Absent where they found nothing. */
export interface MessageChecks {
  /** The problem of each draft that was turned away, in order. */
  readonly found: readonly UserProblem[];
  /** The problem that the message still has, where no better one came. */
  readonly kept?: UserProblem | undefined;
}

export const userProblemSchema: z.ZodType<UserProblem> = z.enum(problems);

export const messageChecksSchema: z.ZodType<MessageChecks> = z.object({
  found: z.array(userProblemSchema),
  kept: userProblemSchema.optional(),
});
