import { z } from 'zod';
import { changeEach, changeKey, renameKeys } from '../internal/former-names.ts';
import { type PersonaRule, personaRuleSchema } from './rules/persona-rule.ts';

/**
 * Objective facts about one person (age, work, hobbies, family, education): they drive the TOPICS of a
 * conversation. 8-10 facts, each a sentence or a phrase.
 */
export interface Profile {
  readonly id: string;
  readonly facts: readonly string[];
}

/** Traits of character (extroverted, witty, sensitive): they drive the STYLE of a conversation. 8-10 traits. */
export interface Personality {
  readonly id: string;
  readonly traits: readonly string[];
}

/** One simulated user: a profile and a personality. */
export interface Persona {
  readonly id: string;
  readonly profile: Profile;
  readonly personality: Personality;
  /** What code can check in a response to this user. Each names the trait that says it in words. */
  readonly rules?: readonly PersonaRule[] | undefined;
}

/** One numbered statement of a persona: `F1`, `F2`, … for facts, `T1`, `T2`, … for traits. */
export interface Statement {
  readonly id: string;
  readonly text: string;
}

export const profileSchema: z.ZodType<Profile> = z.object({
  id: z.string().min(1),
  facts: z.array(z.string().min(1)).min(1),
});

export const personalitySchema: z.ZodType<Personality> = z.object({
  id: z.string().min(1),
  traits: z.array(z.string().min(1)).min(1),
});

const currentPersonaSchema = z
  .object({
    id: z.string().min(1),
    profile: profileSchema,
    personality: personalitySchema,
    rules: z.array(personaRuleSchema).optional(),
  })
  .refine(
    (persona) => {
      const ids = new Set(numberStatements(persona).map(({ id }) => id));
      return (persona.rules ?? []).every(({ statement }) => ids.has(statement));
    },
    { error: 'a rule names a statement that the persona has', path: ['rules'] },
  );

/** Checks a persona. One of an earlier file version is given the present names. */
export const personaSchema: z.ZodType<Persona> = z.preprocess(readFormerPersona, currentPersonaSchema);

/** Version 1 of the files: `preferences`, each with its `trait`. */
function readFormerPersona(value: unknown): unknown {
  const rule = { trait: 'statement', minimumWords: 'minWords', maximumWords: 'maxWords' };
  return changeKey(renameKeys(value, { preferences: 'rules' }), 'rules', (rules) =>
    changeEach(rules, (former) => renameKeys(former, rule)),
  );
}

/** The persona of this profile and this personality; its id is `profileId+personalityId`. */
export function pairPersona(profile: Profile, personality: Personality): Persona {
  return { id: `${profile.id}+${personality.id}`, profile, personality };
}

/** All statements of a persona, numbered: facts first. Induction answers with these ids. */
export function numberStatements(persona: Persona): Statement[] {
  return [
    ...persona.profile.facts.map((text, index) => ({ id: `F${index + 1}`, text })),
    ...persona.personality.traits.map((text, index) => ({ id: `T${index + 1}`, text })),
  ];
}
