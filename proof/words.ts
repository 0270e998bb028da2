import { CUES, type Manner } from './cues.ts';

/** The weight of each word in a text. */
type Bag = ReadonlyMap<string, number>;

interface Labelled {
  readonly manner: Manner;
  readonly words: readonly string[];
}

const MANNERS = Object.keys(CUES) as Manner[];

/** Words in lower case. Each emoji is a word of its own. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}']+|\p{Extended_Pictographic}/gu) ?? [];
}

/** Each training cue by itself. */
const SINGLE_CUES: readonly Labelled[] = MANNERS.flatMap((manner) =>
  CUES[manner].training.map((cue) => ({ manner, words: wordsOf(cue) })),
);

/** All training cues of a manner as one text. */
const WHOLE_MANNERS: readonly Labelled[] = MANNERS.map((manner) => ({
  manner,
  words: CUES[manner].training.flatMap(wordsOf),
}));

/** The manner of the training cue that shares most words with a text (cosine of word counts); null if no word is shared. */
export function nearestCue(text: string): Manner | null {
  return nearest(text, SINGLE_CUES, () => 1);
}

/** The manner whose training cues together are nearest to a text (cosine of TF-IDF); null if no word is shared. */
export function nearestManner(text: string): Manner | null {
  return nearest(text, WHOLE_MANNERS, rarity);
}

/** Inverse document frequency over the training cues: a word that is in every second cue says little. */
function rarity(word: string): number {
  const having = SINGLE_CUES.filter(({ words }) => words.includes(word)).length;
  return Math.log(SINGLE_CUES.length / Math.max(1, having));
}

/** The first one wins a tie. */
function nearest(text: string, known: readonly Labelled[], weight: (word: string) => number): Manner | null {
  const bag = bagOf(wordsOf(text), weight);
  const scored = known.map(({ manner, words }) => ({ manner, score: cosine(bag, bagOf(words, weight)) }));
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one));
  return best.score === 0 ? null : best.manner;
}

function bagOf(words: readonly string[], weight: (word: string) => number): Bag {
  const bag = new Map<string, number>();
  for (const word of words) bag.set(word, (bag.get(word) ?? 0) + weight(word));
  return bag;
}

function cosine(first: Bag, second: Bag): number {
  const product = [...first].reduce((sum, [word, count]) => sum + count * (second.get(word) ?? 0), 0);
  const norm = (bag: Bag) => Math.sqrt([...bag.values()].reduce((sum, count) => sum + count ** 2, 0));
  return product === 0 ? 0 : product / (norm(first) * norm(second));
}

/** The manner that a cue of the evaluation shows; null for any other text. */
export function trueManner(text: string): Manner | null {
  return MANNERS.find((manner) => CUES[manner].evaluation.includes(text)) ?? null;
}

/** How far the evaluation's cues of a manner share their words with its training cues. */
export interface Overlap {
  readonly manner: Manner;
  /** Number of different words in the evaluation cues, without emoji. */
  readonly words: number;
  /** Those that no training cue of this manner has in the same form. */
  readonly unseen: readonly string[];
  /** Number of evaluation cues, out of `cues`, for which the reader finds this manner. */
  readonly byCue: number;
  readonly byManner: number;
  readonly cues: number;
}

export function measureOverlap(): Overlap[] {
  return MANNERS.map((manner) => {
    const { training, evaluation } = CUES[manner];
    const known = new Set(training.flatMap(wordsOf));
    const words = [...new Set(evaluation.flatMap(wordsOf))].filter((word) => /\p{L}/u.test(word));
    return {
      manner,
      words: words.length,
      unseen: words.filter((word) => !known.has(word)),
      byCue: evaluation.filter((cue) => nearestCue(cue) === manner).length,
      byManner: evaluation.filter((cue) => nearestManner(cue) === manner).length,
      cues: evaluation.length,
    };
  });
}
