import { wordsIn } from '../../conversations/user-checks/brief.ts';
import { remembered } from '../../internal/remembered.ts';
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
      const words = wordsOfText(response);
      const length = words.split(' ').length / scaleOf(response);
      if (length >= RESPONSE && earlier.includes(words)) return 'says an earlier response again';
      if (length >= MESSAGE && sentencesOf(response).every((sentence) => asked.includes(` ${sentence} `)))
        return "says the user's message again";
      const share = repeatedShare(response);
      if (share >= AGAIN) return `repeats ${Math.round(100 * share)} % of itself`;
    }
    return null;
  },
};

/** The share of words in sentences and in runs of {@link RUN} words that occurred before in the same text. NaN without words. */
const repeatedShare: (text: string) => number = oncePerText((text) => {
  const scale = scaleOf(text);
  const sentences = sentencesOf(text).map((sentence) => sentence.split(' '));
  const tokens = sentences.flat();
  const repeated = new Set<number>();
  const seen = new Set<string>();
  const look = (start: number, part: readonly string[], different = 1) => {
    const key = part.join(' ');
    if (seen.has(key) && new Set(part).size >= different)
      for (const index of part.keys()) repeated.add(start + index);
    seen.add(key);
  };
  let start = 0;
  for (const sentence of sentences) {
    if (sentence.length >= SENTENCE * scale) look(start, sentence);
    start += sentence.length;
  }
  seen.clear();
  for (let at = 0; at + RUN * scale <= tokens.length; at++) {
    look(at, tokens.slice(at, at + RUN * scale), DIFFERENT);
  }
  return repeated.size / tokens.length;
});

/** Two Chinese characters are about a word. */
function scaleOf(text: string): number {
  return /\p{Script=Han}/u.test(text) ? 2 : 1;
}

/** The words of each sentence. */
function sentencesOf(text: string): string[] {
  return text.split(SENTENCE_END).map(wordsOf).filter(Boolean);
}

/** The words of a text in lower case, with a space between them. */
function wordsOf(text: string): string {
  return wordsIn(text.toLowerCase()).join(' ');
}

const wordsOfText: (text: string) => string = oncePerText(wordsOf);
const wordsOfMessage: (message: Message) => string = remembered(({ content }) => wordsOfText(content));
