import { remembered } from '../../internal/remembered.ts';
import type { Persona } from '../../personas/persona.ts';

/** A fact that begins with name and age: `Marit Solheim, 54, …`. */
const NAME_AND_AGE = /^(\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,4}), (?:aged? )?(\d{1,3})\b/u;
/** A fact that begins with the age: `Is 58 and lives …`, `He is a 33-year-old engineer`. */
const AGE =
  /^(?:(?:he|she|they|i) )?(?:is|are|am) (?:an? )?(\d{1,3})(?:[- ]years?[- ]old\b|(?=,| and\b|\.|$))/i;

/** First names that are also words with which sentences begin, in one of the languages of the checks. */
const WORDS_TOO = new Set(
  (
    'an april august bill chase da dawn drew du en eve faith frank grace hope in jan ja jo joy june luz mai mar mark may mere miles ' +
    'min even odd paz per rich rose sol so summer sunny tor will'
  ).split(' '),
);

/** Whether a name is also a common word, so that alone at the start of a sentence it says nothing. */
export function isWordToo(name: string): boolean {
  return WORDS_TOO.has(name.toLowerCase());
}

/** The persona's first name. Null if no fact begins with a name and an age. */
export function firstNameOf({ profile }: Persona): string | null {
  return stated(profile.facts).names[0] ?? null;
}

/** All names of the persona. Empty if no fact begins with a name and an age. */
export function namesOf({ profile }: Persona): readonly string[] {
  return stated(profile.facts).names;
}

/** The persona's age in years. Null if no fact begins with it. */
export function ageOf({ profile }: Persona): number | null {
  return stated(profile.facts).age;
}

const stated = remembered((facts: readonly string[]) => {
  const name = facts.map((fact) => NAME_AND_AGE.exec(fact)?.[1]).find((found) => found !== undefined);
  const age = facts
    .map((fact) => NAME_AND_AGE.exec(fact)?.[2] ?? AGE.exec(fact)?.[1])
    .find((found) => found !== undefined);
  return { names: name?.split(' ') ?? [], age: age === undefined ? null : Number(age) };
});
