import type { Persona } from '../../personas/persona.ts';
import { contentWords } from '../../personas/told-traits.ts';
import { ageOf, namesOf } from './stated-facts.ts';
import type { UserCheck } from './user-check.ts';

/**
 * What the facts of the persona plainly deny: another age, another name, another number of the same thing, a fact with
 * its "not" taken away or put in. Contradictions in other words are not found.
 */
export const contradictionCheck: UserCheck = {
  problem: 'contradiction',
  tolerable: true,
  find(text, { persona }) {
    const denied = deniedAge(text, persona) ?? deniedName(text, persona) ?? deniedFact(text, persona);
    return denied === null ? null : contradictionReason(denied);
  },
};

/** What is told to whoever wrote a message that a statement about the person denies. */
export function contradictionReason(statement: string): string {
  return `it contradicts what is true of the person: ${statement}`;
}

const OWN_AGE = [
  /\bi(?:['’]m| am)(?: only| just| already| now)? (\d{1,3})(?= years old\b|[.,!?;…]|$| (?:and|now|but|so)\b)/i,
  /\bi(?:['’]m| am) an? (\d{1,3})[- ]years?[- ]old\b/i,
  /\bi(?:['’]ve| have)?(?: just)? turned (\d{1,3})\b/i,
];
const OWN_NAME = /\b[Mm]y name(?: is|['’]s) (\p{Lu}[\p{L}'’-]+)/u;

function deniedAge(text: string, persona: Persona): string | null {
  const age = ageOf(persona);
  const stated = OWN_AGE.map((pattern) => pattern.exec(text)?.[1]).find((match) => match !== undefined);
  // A birthday may have been in between.
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
  const clauses = clausesOf(text).filter((clause) => /^(?:\p{L}+ ){0,2}(?:i|we|my|our)\b/iu.test(clause));
  const counted = countsOf(profile.facts);
  for (const clause of clauses) {
    const miscounted = ownCounts(clause).find(
      ([thing, count]) => (counted.get(thing)?.count ?? count) !== count,
    );
    if (miscounted !== undefined) return counted.get(miscounted[0])!.fact;
    const opposite = profile.facts.find((fact) =>
      // A "not" belongs to its clause.
      (NOT.test(fact) ? clausesOf(fact) : [fact]).some((part) => areOpposite(clause, part)),
    );
    if (opposite !== undefined) return opposite;
  }
  return null;
}

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBER = `${NUMBERS.slice(2).join('|')}|\\d{1,3}`;
const COUNTED = new RegExp(String.raw`\b(${NUMBER}) ((?:[\p{L}'’-]+ ?){1,3})`, 'giu');
const OWN_COUNT = new RegExp(
  String.raw`\b(?:my|our|i have|i['’]ve got|we have|we['’]ve got) (${NUMBER}) ([\p{L}'’-]+)`,
  'giu',
);
/** Their numbers change from message to message. */
const MEASURES = contentWords(
  'minutes hours days weeks months years times euros dollars pounds kilos kilometres miles metres percent degrees oclock',
);

/** What the facts say there are so many of; not what they give two numbers for. */
function countsOf(facts: readonly string[]): Map<string, { readonly count: number; readonly fact: string }> {
  const counts = new Map<string, { readonly count: number; readonly fact: string }>();
  const unclear = new Set<string>();
  for (const fact of facts) {
    for (const [, number, things] of fact.matchAll(COUNTED)) {
      for (const thing of contentWords(things!)) {
        const count = toNumber(number!);
        if ((counts.get(thing)?.count ?? count) !== count) unclear.add(thing);
        counts.set(thing, { count, fact });
      }
    }
  }
  for (const thing of [...unclear, ...MEASURES]) counts.delete(thing);
  return counts;
}

function ownCounts(clause: string): [thing: string, count: number][] {
  return [...clause.matchAll(OWN_COUNT)].flatMap(([, number, thing]) =>
    [...contentWords(thing!)].map((word): [string, number] => [word, toNumber(number!)]),
  );
}

function toNumber(word: string): number {
  const index = NUMBERS.indexOf(word.toLowerCase());
  return index === -1 ? Number(word) : index;
}

const NOT = /\b(?:not|never|cannot|no longer|\p{L}+n['’]t)\b/iu;
const NEGATIONS = contentWords(
  'not never cannot longer don doesn didn isn aren wasn haven hasn can won couldn wouldn',
);

/** One says with "not" what the other says without, in two words of content at least. */
function areOpposite(clause: string, part: string): boolean {
  const negated = NOT.test(clause);
  if (negated === NOT.test(part)) return false;
  // All that the negated one says must be in the other, or something else may be what is denied.
  const [inner, outer] = (negated ? [clause, part] : [part, clause]).map(contentWords);
  const denied = [...inner!].filter((word) => !NEGATIONS.has(word));
  return denied.length >= 2 && denied.every((word) => outer!.has(word));
}

function clausesOf(text: string): string[] {
  return text.split(/[.!?;:,…–—]+\s*|\s(?:but|because|although|though|while|so|and)\s/i).filter(Boolean);
}
