import { remembered } from '../../internal/remembered.ts';
import { contentWords } from '../../personas/rules/told-statements.ts';

const NOT = /\b(?:not|never|cannot|no longer)\b|(?<!\p{L})\p{L}+n['’]t\b/iu;
const NEGATIONS = contentWords(
  'not never cannot longer don doesn didn isn aren wasn haven hasn can won couldn wouldn',
);

/** Splits a text roughly into clauses. */
export function clausesOf(text: string): string[] {
  return text.split(/[.!?;:,…–—]+\s*|\s(?:but|because|although|though|while|so|and)\s/i).filter(Boolean);
}

interface Clause {
  readonly fact: string;
  readonly negated: boolean;
  readonly words: ReadonlySet<string>;
}

/** The facts in parts, since a "not" applies only to its own clause. */
const partsOf: (facts: readonly string[]) => readonly Clause[] = remembered((facts) =>
  facts.flatMap((fact) =>
    (NOT.test(fact) ? clausesOf(fact) : [fact]).map((part) => ({
      fact,
      negated: NOT.test(part),
      words: contentWords(part),
    })),
  ),
);

/** Finds a fact that says with "not" what a clause says without it, or vice versa. Null if there is none. */
export function findOpposite(clause: string, facts: readonly string[]): string | null {
  const negated = NOT.test(clause);
  const said = contentWords(clause);
  const opposite = partsOf(facts).find(
    (part) => part.negated !== negated && (negated ? isDenied(said, part.words) : isDenied(part.words, said)),
  );
  return opposite?.fact ?? null;
}

/** Every negated word must appear in the plain text. A single one is not enough: the "not" may be about something else. */
function isDenied(negated: ReadonlySet<string>, plain: ReadonlySet<string>): boolean {
  const denied = [...negated].filter((word) => !NEGATIONS.has(word));
  return denied.length >= 2 && denied.every((word) => plain.has(word));
}
