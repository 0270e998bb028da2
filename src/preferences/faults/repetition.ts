import { remembered } from '../../internal/remembered.ts';
import type { Message } from '../../messages.ts';
import { responsesOf, type TextCheck } from './text-check.ts';

const TOKEN = /\p{Script=Han}|[^\P{L}\p{Script=Han}]+|\p{N}+/gu;
/** Words in a row that are not repeated by chance, and different ones among them: "ha ha ha ha ha ha" is laughter. */
const [RUN, DIFFERENT] = [6, 3];
/** Share of a response that says again what it has said. Poems have refrains, but they are not that long. */
const AGAIN = 0.25;

/**
 * Finds responses that repeat themselves, and those that say an earlier response again, word for word. A draft that was changed is none:
 * people ask for that.
 */
export const repetitionCheck: TextCheck = {
  fault: 'repetition',
  find(texts) {
    const earlier = texts.conversation.filter(({ role }) => role === 'assistant').map(wordsOfMessage);
    for (const response of responsesOf(texts)) {
      const words = wordsOf(response);
      const tokens = words.split(' ');
      if (tokens.length >= RUN && earlier.includes(words)) return 'says an earlier response again';
      const share = repeatedShare(tokens);
      if (share >= AGAIN) return `repeats ${Math.round(100 * share)} % of itself`;
    }
    return null;
  },
};

/** The share of words in runs of {@link RUN} words that occurred before in the same text. */
function repeatedShare(tokens: readonly string[]): number {
  // Two Chinese characters are about a word.
  const run = tokens.some((token) => /\p{Script=Han}/u.test(token)) ? 2 * RUN : RUN;
  const seen = new Map<string, number>();
  const repeated = new Set<number>();
  for (let start = 0; start + run <= tokens.length; start++) {
    const part = tokens.slice(start, start + run);
    if (new Set(part).size < DIFFERENT) continue;
    const key = part.join(' ');
    const before = seen.get(key);
    if (before === undefined) seen.set(key, start);
    else if (before + run <= start) for (let index = start; index < start + run; index++) repeated.add(index);
  }
  return tokens.length === 0 ? 0 : repeated.size / tokens.length;
}

/** The words of a text in lower case, with a space between them. */
function wordsOf(text: string): string {
  return (text.toLowerCase().match(TOKEN) ?? []).join(' ');
}

const wordsOfMessage: (message: Message) => string = remembered(({ content }) => wordsOf(content));
