import { remembered } from '../../internal/remembered.ts';
import { tokensIn } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';
import type { Statement } from '../persona.ts';

// The apostrophe comes first in it: looking back from every character takes long.
const AFTER_APOSTROPHE = /['’](?<=\p{L}['’])\p{L}+/gu;

/** Words too common to show that two texts are about the same thing. */
const COMMON = new Set(
  (
    'a about after again all almost also always am an and any are around as at back be because been before being but by ' +
    'can could day did do does doing done each even every few first for from get gets getting go goes going got had has ' +
    'have having he her here hers herself him himself his how i if in into is it its just keep keeps know last less like ' +
    'likes lot made make makes many may me more most much must my myself never new no not now of off old on once one only ' +
    'or other our out over own people person really right said same say says see she should so some somebody someone still ' +
    'such than that the their them then there these they thing things think this those though three through time to today ' +
    'too two until up us use used very want wants was way we week well were what when where which while who whom why will ' +
    'with without would year years yes yet you your'
  ).split(' '),
);

/** Chinese has no spaces between words, and most words have two characters. */
const HAN_PAIR = /(?=(\p{Script=Han}{2}))/gu;
const HAN = /\p{Script=Han}/u;

/**
 * The content words of a text without their endings: `keeps hives` and `keeping a hive` share `hiv`. Only English endings
 * are removed. Of Chinese, each pair of neighbouring characters counts as a word.
 */
export function contentWords(text: string): Set<string> {
  const words = new Set<string>();
  const hasHan = HAN.test(text);
  for (const word of tokensIn(text.toLowerCase().replace(AFTER_APOSTROPHE, ''))) {
    const pairs = hasHan ? Array.from(word.matchAll(HAN_PAIR), ([, pair]) => pair!) : [];
    for (const pair of pairs) words.add(pair);
    if (pairs.length === 0 && word.length > 1 && !COMMON.has(word)) words.add(stemOf(word));
  }
  return words;
}

/** {@link contentWords} of a statement, once per statement: each is compared with every message of a conversation. */
export const statementWords: (statement: Statement) => ReadonlySet<string> = remembered(({ text }) =>
  contentWords(text),
);

/** {@link contentWords} of a message, once per message. */
export const messageWords: (message: Message) => ReadonlySet<string> = remembered(({ content }) =>
  contentWords(content),
);

/** Share of a statement's own words that a text must contain, and at least two of them, if there are two. */
const TOLD_SHARE = 1 / 3;

/**
 * Ids of the statements that a text reveals in their own words, not counting words that several statements share.
 * This is a lower bound: it misses paraphrases and traits that show only in how somebody writes.
 *
 * @param said Words of a text or of several.
 */
export function findToldStatements(
  said: readonly ReadonlySet<string>[],
  statements: readonly Statement[],
): string[] {
  const words = ownWords(statements);
  return statements
    .filter((_, index) => {
      const own = words[index]!;
      let shared = 0;
      for (const word of own) if (said.some((each) => each.has(word))) shared += 1;
      return shared >= Math.max(Math.min(2, own.length), own.length * TOLD_SHARE) && shared > 0;
    })
    .map(({ id }) => id);
}

/** The words of each statement that no other one shares. */
const ownWords: (statements: readonly Statement[]) => readonly (readonly string[])[] = remembered(
  (statements) => {
    const words = statements.map(statementWords);
    const owners = new Map<string, number>();
    for (const set of words) for (const word of set) owners.set(word, (owners.get(word) ?? 0) + 1);
    return words.map((set) => [...set].filter((word) => owners.get(word) === 1));
  },
);

/** Words. More are forgotten all at once, since an order of use would cost more than it saves. */
const MOST_STEMS = 20_000;
const stems = new Map<string, string>();

/** {@link withoutEnding} with a cache: people use few words. */
function stemOf(word: string): string {
  const before = stems.get(word);
  if (before !== undefined) return before;
  if (stems.size >= MOST_STEMS) stems.clear();
  const stem = withoutEnding(word);
  stems.set(word, stem);
  return stem;
}

function withoutEnding(word: string): string {
  const stem = word.replace(/(?<=\p{L}{3})(?:ing|ied|ies|ed|es|s)$/u, '');
  return stem.replace(/(?<=\p{L}{2})[eiy]$/u, '').replace(/([^aeiou])\1$/, '$1');
}
