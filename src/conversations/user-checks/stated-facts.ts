import type { Persona } from '../../personas/persona.ts';

/** `Marit Solheim, 54, …`: how a fact opens that gives name and age. */
const NAME_AND_AGE = /^(\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,4}), (?:aged? )?(\d{1,3})\b/u;
/** `Is 58 and lives …`, `He is a 33-year-old engineer`. */
const AGE =
  /^(?:(?:he|she|they|i) )?(?:is|are|am) (?:an? )?(\d{1,3})(?:[- ]years?[- ]old\b|(?=,| and\b|\.|$))/i;

/** The name a persona goes by, where a fact opens with it; else null. */
export function firstNameOf({ profile }: Persona): string | null {
  return fullNameOf(profile.facts)?.split(' ')[0] ?? null;
}

/** All names of the person; empty where no fact opens with one. */
export function namesOf({ profile }: Persona): string[] {
  return fullNameOf(profile.facts)?.split(' ') ?? [];
}

/** The age that the facts state, in years; else null. */
export function ageOf({ profile }: Persona): number | null {
  for (const fact of profile.facts) {
    const age = NAME_AND_AGE.exec(fact)?.[2] ?? AGE.exec(fact)?.[1];
    if (age !== undefined) return Number(age);
  }
  return null;
}

function fullNameOf(facts: readonly string[]): string | undefined {
  return facts.map((fact) => NAME_AND_AGE.exec(fact)?.[1]).find((name) => name !== undefined);
}
