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
    const denied = deniedAge(spoken, persona) ?? deniedName(text, persona) ?? deniedFact(spoken, persona);
    return denied === null ? null : contradictionReason(denied);
  },
};

/** The reason given to the model that wrote the message. */
export function contradictionReason(statement: string): string {
  return `it contradicts what is true of the person: ${statement}`;
}

const OWN_AGE = [
  /\bi(?:['’]m| am)(?: only| just| already| now)? (\d{1,3})(?= years old\b|[.,!?;…]|$| (?:and|now|but|so)\b)/i,
  /\bi(?:['’]m| am) an? (\d{1,3})[- ]years?[- ]old\b/i,
  /\bi(?:['’]ve| have)?(?: just)? turned (\d{1,3})\b(?!,\d| (?:degrees|pages|heads)\b)/i,
];
const OWN_NAME = /\b[Mm]y name(?: is|['’]s) (\p{Lu}[\p{L}'’-]+)/u;

function deniedAge(text: string, persona: Persona): string | null {
  const age = ageOf(persona);
  const stated = OWN_AGE.map((pattern) => pattern.exec(text)?.[1]).find((match) => match !== undefined);
  // There may have been a birthday since.
  return age === null || stated === undefined || Math.abs(Number(stated) - age) <= 1 ? null : `age ${age}`;
}

function deniedName(text: string, persona: Persona): string | null {
  const names = namesOf(persona);
  const stated = OWN_NAME.exec(text)?.[1]?.toLowerCase();
  const known = names.map((name) => name.toLowerCase());
  const nickname = known.some(
    (name) => stated !== undefined && (name.startsWith(stated) || stated.startsWith(name)),
  );
  return stated === undefined || names.length === 0 || nickname ? null : `the name ${names.join(' ')}`;
}

function deniedFact(text: string, { profile }: Persona): string | null {
  const own = clausesOf(text).filter((clause) => /^(?:\p{L}+ ){0,2}(?:i|we|my|our)\b/iu.test(clause));
  const denied = own.map(
    (clause) => findOtherCount(clause, profile.facts) ?? findOpposite(clause, profile.facts),
  );
  return denied.find((fact) => fact !== null) ?? null;
}
