import * as z from 'zod';
import { changeEach, changeKey, renameKeys } from '../internal/former-names.ts';
import { remembered } from '../internal/remembered.ts';
import { type PersonaRule, personaRuleSchema } from './rules/persona-rule.ts';

/**
 * Objective facts about one person (age, work, hobbies, family, education). They drive the TOPICS of a
 * conversation.
 */
export interface Profile {
  /** Unique among the profiles of a pool. */
  readonly id: string;
  /** Usually 8 to 10, each a sentence or a phrase. At least one. */
  readonly facts: readonly string[];
  /** What the entry was labelled with when it was made, such as `{ region: 'Africa' }`. No prompt of a conversation shows it. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** Character traits (extroverted, witty, sensitive). They drive the STYLE of a conversation. */
export interface Personality {
  /** Unique among the personalities of a pool. */
  readonly id: string;
  /** Usually 8 to 10, each a sentence or a phrase. At least one. */
  readonly traits: readonly string[];
  /** What the entry was labelled with when it was made, such as `{ region: 'Africa' }`. No prompt of a conversation shows it. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** One simulated user: a profile and a personality. */
export interface Persona {
  /** `profileId+personalityId` if it comes from a pool. */
  readonly id: string;
  readonly profile: Profile;
  readonly personality: Personality;
  /** Preferences that code can check in a response. Each names the statement that puts it in words. */
  readonly rules?: readonly PersonaRule[] | undefined;
}

/** One numbered statement of a persona: `F1`, `F2`, … for facts, `T1`, `T2`, … for traits. */
export interface Statement {
  /** `F1`, `T3`, … */
  readonly id: string;
  /** As the profile or personality words it. */
  readonly text: string;
}

export const profileSchema: z.ZodType<Profile> = z.object({
  id: z.string().min(1),
  facts: z.array(z.string().min(1)).min(1),
  attributes: z.record(z.string(), z.string()).optional(),
});

export const personalitySchema: z.ZodType<Personality> = z.object({
  id: z.string().min(1),
  traits: z.array(z.string().min(1)).min(1),
  attributes: z.record(z.string(), z.string()).optional(),
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
    { error: 'every rule must name a statement of the persona', path: ['rules'] },
  );

/** Schema of a persona. Personas from version 1 files are converted to the current field names. */
export const personaSchema: z.ZodType<Persona> = z.preprocess(readFormerPersona, currentPersonaSchema);

/** Version 1 files have `preferences`, each with a `trait`. */
function readFormerPersona(value: unknown): unknown {
  const rule = { trait: 'statement', minimumWords: 'minWords', maximumWords: 'maxWords' };
  return changeKey(renameKeys(value, { preferences: 'rules' }), 'rules', (rules) =>
    changeEach(rules, (former) => renameKeys(former, rule)),
  );
}

/**
 * Combines a profile and a personality into a persona with the id `profileId+personalityId`.
 *
 * @example
 * ```ts
 * const persona = pairPersona(
 *   { id: 'nurse', facts: ['Works nights as a nurse', 'Has a son of four'] },
 *   { id: 'dry', traits: ['Has a dry wit', 'Hates long answers'] },
 * );
 * ```
 */
export function pairPersona(profile: Profile, personality: Personality): Persona {
  return { id: `${profile.id}+${personality.id}`, profile, personality };
}

/**
 * Numbers all statements of a persona, facts first. The ids are those in `revealed`.
 *
 * @example
 * ```ts
 * const revealed = numberStatements(tree.persona).filter(({ id }) => node.revealed.includes(id));
 * ```
 */
export function numberStatements(persona: Persona): Statement[] {
  return [
    ...persona.profile.facts.map((text, index) => ({ id: `F${index + 1}`, text })),
    ...persona.personality.traits.map((text, index) => ({ id: `T${index + 1}`, text })),
  ];
}

/** {@link numberStatements}, once per persona: the same objects each time. */
export const statementsOf: (persona: Persona) => readonly Statement[] = remembered(numberStatements);

/** Whether the id of a statement is that of a trait. All others are facts. */
export function isTrait(id: string): boolean {
  return id.startsWith('T');
}
