import { contentWords, statementWords } from '../../personas/rules/told-statements.ts';

const NOT = /\b(?:not|never|cannot|no longer|\p{L}+n['’]t)\b/iu;
const NEGATIONS = contentWords(
  'not never cannot longer don doesn didn isn aren wasn haven hasn can won couldn wouldn',
);

/** The parts of a text that say one thing each, roughly. */
export function clausesOf(text: string): string[] {
  return text.split(/[.!?;:,…–—]+\s*|\s(?:but|because|although|though|while|so|and)\s/i).filter(Boolean);
}

/** The fact that says with "not" what a clause says without it, or the other way round; null for none. */
export function findOpposite(clause: string, facts: readonly string[]): string | null {
  const negated = NOT.test(clause);
  const words = contentWords(clause);
  for (const fact of facts) {
    // A "not" belongs to its clause.
    for (const part of NOT.test(fact) ? clausesOf(fact) : [fact]) {
      if (NOT.test(part) === negated) continue;
      const stated = statementWords(part);
      if (negated ? isDenied(words, stated) : isDenied(stated, words)) return fact;
    }
  }
  return null;
}

/** All that is said with "not" must be said without it, two words at least, or something else may be what is denied. */
function isDenied(negated: ReadonlySet<string>, plain: ReadonlySet<string>): boolean {
  const denied = [...negated].filter((word) => !NEGATIONS.has(word));
  return denied.length >= 2 && denied.every((word) => plain.has(word));
}
