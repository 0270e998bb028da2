import * as z from 'zod';
import type { Persona } from '../personas/persona.ts';
import { type Rule, ruleSchema } from '../personas/rules/persona-rule.ts';

/** What holds for a while, and what the user wants because of it. */
export interface Situation {
  /** One word to group results by, such as `hurry`. */
  readonly name: string;
  /** What holds, as the role-player is told it: "on the move and in a hurry, one hand free". */
  readonly text: string;
  /** What the user wants as long as it holds. A trait of the persona, whatever the other traits say. */
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

/**
 * The persona as it is in a situation: with one more trait, the last. If the persona has rules, that of the situation is one
 * of them, in place of rules of its kind. Ids of the other statements stay.
 */
export function personaIn(persona: Persona, { trait, rule }: Pick<Situation, 'trait' | 'rule'>): Persona {
  const { personality, rules } = persona;
  const traits = [...personality.traits, trait];
  const changed = { ...persona, personality: { ...personality, traits } };
  if (rules === undefined || rule === undefined) return changed;
  const kept = rules.filter(({ kind }) => kind !== rule.kind);
  return { ...changed, rules: [...kept, { ...rule, statement: `T${traits.length}` }] };
}
