import { remembered } from '../../internal/remembered.ts';
import { wordsIn } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';
import { oncePerText, responsesOf, type TextCheck } from './text-check.ts';

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
  const parts = text
    .toLowerCase()
    .split(SENTENCE_END)
    .map(wordsIn)
    .filter((words) => words.length > 0);
  const sentences = parts.map((words) => words.join(' '));
  const words = parts.flat();
  // Two Chinese characters are about a word.
  const scale = /\p{Script=Han}/u.test(text) ? 2 : 1;
  const repeated = new Set<number>();
  const mark = (start: number, end: number) => {
    for (let index = start; index < end; index++) repeated.add(index);
  };
  const seen = new Set<string>();
  let start = 0;
  for (const [index, { length }] of parts.entries()) {
    const sentence = sentences[index]!;
    if (length >= SENTENCE * scale && seen.has(sentence)) mark(start, start + length);
    seen.add(sentence);
    start += length;
  }
  for (const run of repeatedRuns(words, RUN * scale)) {
    const end = run + RUN * scale;
    if (new Set(words.slice(run, end)).size >= DIFFERENT) mark(run, end);
  }
  return {
    words: words.join(' '),
    sentences,
    length: words.length / scale,
    repeated: repeated.size / words.length,
  };
});

/**
 * Where runs of words begin that occurred before. A run of eight is two runs of four, which are two runs of two: so each run gets
 * a number from those of its halves, and no text has to be put together.
 *
 * @param length A power of two.
 */
function repeatedRuns(words: readonly string[], length: number): number[] {
  if (words.length < length) return [];
  let numbers = numbered(words);
  for (let half = 1; half < length; half *= 2) {
    const halves = numbers;
    numbers = numbered(halves.slice(half).map((second, first) => halves[first]! * words.length + second));
  }
  const seen = new Set<number>();
  return [...numbers.keys()].filter((at) => {
    const number = numbers[at]!;
    const isRepeated = seen.has(number);
    seen.add(number);
    return isRepeated;
  });
}

/** The same number for the same key, from 0 on. */
function numbered(keys: readonly (string | number)[]): number[] {
  const numbers = new Map<string | number, number>();
  return keys.map((key) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

const wordsOfMessage: (message: Message) => string = remembered(({ content }) => readText(content).words);
