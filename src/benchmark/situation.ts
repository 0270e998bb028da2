import * as z from 'zod';
import { type Rule, ruleSchema } from '../personas/rules/persona-rule.ts';

/** What holds for a while, and what the user wants as long as it does, whatever the other traits say. */
export interface Situation {
  /** One word to group results by, such as `hurry`. */
  readonly name: string;
  /** What holds, as the role-player is told it: "on the move and in a hurry, one hand free". */
  readonly text: string;
  /** What the user wants, in words, as one more trait. */
  readonly trait: string;
  /** The same as a rule, for personas that have rules. Default: none. */
  readonly rule?: Rule | undefined;
}

/** A situation that begins at a turn of a case. It lasts until the next one begins. */
export interface CaseSituation extends Situation {
  /** The first turn at which it holds, from 1. */
  readonly turn: number;
}

/** Checks the situations of a case in a file. */
export const caseSituationsSchema: z.ZodType<readonly CaseSituation[]> = z
  .array(
    z.object({
      turn: z.int().min(1),
      name: z.string().min(1),
      text: z.string().min(1),
      trait: z.string().min(1),
      rule: ruleSchema.optional(),
    }),
  )
  .min(1)
  .refine((situations) => situations.every(({ turn }, index) => turn > (situations[index - 1]?.turn ?? 0)), {
    error: 'situations must be in the order of their turns, one a turn',
  });
