import type { Persona } from '../persona.ts';
import type { Rule } from './persona-rule.ts';

/** What a persona wants besides its lasting preferences. */
interface Wish {
  /** In words, as one more trait. */
  readonly trait: string;
  /** The same as a rule, for personas that have rules. Default: none. */
  readonly rule?: Rule | undefined;
}

/**
 * The persona with a wish as its last trait. If the persona has rules, that of the wish is one of them, in place of rules of
 * its kind. Ids of the other statements stay.
 */
export function withWish(persona: Persona, { trait, rule }: Wish): Persona {
  const { personality, rules } = persona;
  const traits = [...personality.traits, trait];
  const changed = { ...persona, personality: { ...personality, traits } };
  if (rules === undefined || rule === undefined) return changed;
  const kept = rules.filter(({ kind }) => kind !== rule.kind);
  return { ...changed, rules: [...kept, { ...rule, statement: `T${traits.length}` }] };
}
