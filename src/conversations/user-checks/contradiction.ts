import type { Persona } from '../../personas/persona.ts';
import { clausesOf, findOpposite } from './opposite-clauses.ts';
import { findOtherCount } from './stated-counts.ts';
import { ageOf, namesOf } from './stated-facts.ts';
import type { UserCheck } from './user-check.ts';

/**
 * Finds clear contradictions of the persona's facts: a different age, name or number of the same thing, or a fact with
 * "not" added or removed. It misses contradictions in other words.
 */
export const contradictionCheck: UserCheck = {
  problem: 'contradiction',
  tolerable: true,
  find({ text, spoken }, { persona }) {
    const denied = deniedFact(spoken, persona);
    return (
      deniedAge(spoken, persona) ??
      deniedName(text, persona) ??
      (denied === null ? null : contradictionReason(denied))
    );
  },
};

/** The reason given to the model that wrote the message. @param words Those of the message, if they are known. */
export function contradictionReason(statement: string, words?: string): string {
  return `${words === undefined ? 'it' : `"${words}"`} contradicts what is true of the person: ${statement}`;
}

const OWN_AGE = [
  /\bi(?:['’]m| am)(?: only| just| already| now)? (\d{1,3})(?= years old\b)/i,
  /\bi(?:['’]m| am) an? (\d{1,3})[- ]years?[- ]old\b/i,
  /\bi(?:['’]ve| have)?(?: just)? turned (\d{1,3})\b(?!,\d| (?:degrees|pages|heads)\b)/i,
];
/** May be the number of something else that the facts count: "I'm 31", says somebody who ranks 31st in his class. */
const OWN_NUMBER =
  /\bi(?:['’]m| am)(?: only| just| already| now)? (\d{1,3})(?=[.,!?;…]|$| (?:and|now|but|so)\b)/i;
const OWN_NAME = /\b[Mm]y name(?: is|['’]s) (\p{Lu}[\p{L}'’-]+)/u;

function deniedAge(text: string, persona: Persona): string | null {
  const age = ageOf(persona);
  const stated = OWN_AGE.map((pattern) => pattern.exec(text)).find((match) => match !== null);
  const [words, years] = stated ?? ownNumber(text, persona) ?? [];
  // There may have been a birthday since.
  if (age === null || years === undefined || Math.abs(Number(years) - age) <= 1) return null;
  return contradictionReason(`age ${age}`, words);
}

function ownNumber(text: string, { profile }: Persona): RegExpExecArray | null {
  const match = OWN_NUMBER.exec(text);
  const counted = profile.facts.flatMap((fact) => fact.match(/\d+/g) ?? []);
  return match === null || counted.includes(match[1]!) ? null : match;
}

function deniedName(text: string, persona: Persona): string | null {
  const names = namesOf(persona);
  const [words, name] = OWN_NAME.exec(text) ?? [];
  if (names.length === 0 || name === undefined) return null;
  const stated = name.toLowerCase();
  const known = names.map((each) => each.toLowerCase());
  // It may be a nickname.
  if (known.some((each) => each.startsWith(stated) || stated.startsWith(each))) return null;
  return contradictionReason(`the name ${names.join(' ')}`, words);
}

function deniedFact(text: string, { profile }: Persona): string | null {
  const own = clausesOf(text).filter((clause) => /^(?:\p{L}+ ){0,2}(?:i|we|my|our)\b/iu.test(clause));
  const denied = own.map(
    (clause) => findOtherCount(clause, profile.facts) ?? findOpposite(clause, profile.facts),
  );
  return denied.find((fact) => fact !== null) ?? null;
}
