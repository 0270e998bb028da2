import { remembered } from '../../internal/remembered.ts';
import { wordsIn } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';
import { oncePerText, responsesOf, type TextCheck, wordsOf } from './text-check.ts';

const SENTENCE_END = /[.!?。！？\n]+/u;
/** Words in a row that are not repeated by chance: "I am proud of you for" may begin three sentences. */
const RUN = 8;
/** Different words among them. "Ha ha ha ha ha ha ha ha" is laughter. */
const DIFFERENT = 3;
/** Words. Shorter sentences and responses come again in any chat, and shorter messages are repeated in surprise. */
const [SENTENCE, RESPONSE, MESSAGE] = [4, 6, 12];
/** Share of a response that says again what it has said. Poems have refrains, but they are not that long. */
const AGAIN = 0.25;

/**
 * Finds responses that repeat themselves, those that say an earlier response again, word for word, and those that say nothing but
 * sentences of the user's message. A draft that was changed is none: people ask for that.
 */
export const repetitionCheck: TextCheck = {
  fault: 'repetition',
  find(texts) {
    const earlier = texts.conversation.filter(({ role }) => role === 'assistant').map(wordsOfMessage);
    const last = texts.conversation.at(-1);
    const asked = last === undefined ? '' : ` ${wordsOfMessage(last)} `;
    for (const response of responsesOf(texts)) {
      const { words, length, sentences, repeated } = readText(response);
      if (length >= RESPONSE && earlier.includes(words)) return 'says an earlier response again';
      if (length >= MESSAGE && sentences.every((sentence) => asked.includes(` ${sentence} `)))
        return "says the user's message again";
      if (repeated >= AGAIN) return `repeats ${Math.round(100 * repeated)} % of itself`;
    }
    return null;
  },
};

interface SplitText {
  /** Its words in lower case, with a space between them. */
  readonly words: string;
  /** The same of each sentence. */
  readonly sentences: readonly string[];
  /** Words, of which two Chinese characters make one. */
  readonly length: number;
  /** Share of the words in sentences and in runs of {@link RUN} words that occurred before in the text. NaN without words. */
  readonly repeated: number;
}

const readText: (text: string) => SplitText = oncePerText((text) => {
  const parts = sentencesOf(text);
  const sentences = parts.map(joined);
  const words = parts.flat();
  // Two Chinese characters are about a word.
  const scale = /\p{Script=Han}/u.test(text) ? 2 : 1;
  return {
    words: joined(words),
    sentences,
    length: words.length / scale,
    repeated: repeatedWords(sentences, words, scale).size / words.length,
  };
});

const wordsOfMessage: (message: Message) => string = remembered(({ content }) => joined(wordsOf(content)));

/** The words of each sentence in lower case. */
function sentencesOf(text: string): (readonly string[])[] {
  return text
    .toLowerCase()
    .split(SENTENCE_END)
    .map(wordsIn)
    .filter((words) => words.length > 0);
}

const joined = (words: readonly string[]) => words.join(' ');

/** Places of the words that are said again. The sentences are made of these words, with a space between them. */
function repeatedWords(
  sentences: readonly string[],
  words: readonly string[],
  scale: number,
): ReadonlySet<number> {
  const repeated = new Set<number>();
  const mark = (start: number, end: number) => {
    for (let place = start; place < end; place++) repeated.add(place);
  };
  const seen = new Set<string>();
  let start = 0;
  for (const sentence of sentences) {
    const { length } = sentence.split(' ');
    if (length >= SENTENCE * scale && seen.has(sentence)) mark(start, start + length);
    seen.add(sentence);
    start += length;
  }
  for (const run of repeatedRuns(words, RUN * scale)) {
    const end = run + RUN * scale;
    if (new Set(words.slice(run, end)).size >= DIFFERENT) mark(run, end);
  }
  return repeated;
}

/**
 * Where runs of words begin that occurred before. Words get numbers, and so do two numbers in a row: a run of eight is two runs of
 * four, which are two runs of two. Most texts repeat not even four words.
 *
 * @param length A power of two.
 */
function repeatedRuns(words: readonly string[], length: number): number[] {
  if (words.length < length) return [];
  let numbers = firstPlaces(words);
  for (let half = 1; half < length; half *= 2) {
    const pairs: number[] = [];
    for (let at = 0; at + half < numbers.length; at++) {
      pairs.push(numbers[at]! * words.length + numbers[at + half]!);
    }
    numbers = firstPlaces(pairs);
    if (numbers.every((place, at) => place === at)) return [];
  }
  return [...numbers.keys()].filter((at) => numbers[at]! < at);
}

/** For each key, where it first occurs. */
function firstPlaces(keys: readonly (string | number)[]): number[] {
  const places = new Map<string | number, number>();
  return keys.map((key, at) => {
    const first = places.get(key);
    if (first !== undefined) return first;
    places.set(key, at);
    return at;
  });
}
