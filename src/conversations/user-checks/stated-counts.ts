import { remembered } from '../../internal/remembered.ts';
import { contentWords } from '../../personas/rules/told-statements.ts';

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBER = `${NUMBERS.slice(2).join('|')}|\\d{1,3}`;
const COUNTED = new RegExp(String.raw`\b(${NUMBER}) ((?:[\p{L}'’-]+ ?){1,3})`, 'giu');
const OWN_COUNT = new RegExp(
  String.raw`\b(?:my|our|i have|i['’]ve got|we have|we['’]ve got) (${NUMBER}) ([\p{L}'’-]+)`,
  'giu',
);
/** Units and other things whose number changes from message to message. */
const MEASURES = contentWords(
  'minutes hours days weeks months years times euros dollars pounds kilos kilometres miles metres percent degrees oclock',
);

interface StatedCount {
  readonly count: number;
  readonly fact: string;
}

/** Finds a fact that contradicts how many of something the speaker claims to have. Null if there is none. */
export function findOtherCount(clause: string, facts: readonly string[]): string | null {
  const own = ownCounts(clause);
  if (own.length === 0) return null;
  const counted = countsOf(facts);
  const other = own.find(([thing, count]) => (counted.get(thing)?.count ?? count) !== count);
  return other === undefined ? null : counted.get(other[0])!.fact;
}

/** Finds the fact that gives this number of the same thing. Null if there is none. */
export function findSameCount(counts: Iterable<RegExpMatchArray>, facts: readonly string[]): string | null {
  for (const [, number, thing] of counts) {
    const counted = countsOf(facts);
    for (const word of contentWords(thing!)) {
      const known = counted.get(word);
      if (known !== undefined && known.count === toNumber(number!)) return known.fact;
    }
  }
  return null;
}

/** The number of each thing according to the facts. Things with two different numbers are left out. */
const countsOf: (facts: readonly string[]) => ReadonlyMap<string, StatedCount> = remembered((facts) => {
  const counts = new Map<string, StatedCount>();
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
});

function ownCounts(clause: string): [thing: string, count: number][] {
  return [...clause.matchAll(OWN_COUNT)].flatMap(([, number, thing]) =>
    [...contentWords(thing!)].map((word): [string, number] => [word, toNumber(number!)]),
  );
}

function toNumber(word: string): number {
  const index = NUMBERS.indexOf(word.toLowerCase());
  return index === -1 ? Number(word) : index;
}
