import { remembered } from '../../internal/remembered.ts';
import { plainText, wordsIn } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';
import { splitSentences } from '../../personas/statements.ts';
import { withoutQuotations } from './phrases/plain-speech.ts';
import type { UserCheck } from './user-check.ts';

const HAN = /\p{Script=Han}/u;
/** Characters, of which a Chinese one counts twice. Shorter messages ("ok", "no thanks") come again in any chat, but not twice in a row. */
const SHORT_MESSAGE = 12;
/** Words. A sentence this long is not repeated by chance, nor are so many words in a row. */
const LONG_SENTENCE = 8;
/** Share of a message that was said before, in rows of so many words. */
const MOST_SAID = 0.5;

/** Finds messages, or long sentences in them, or half of their words, that either side has said before, word for word. */
export const repetitionCheck: UserCheck = {
  problem: 'repetition',
  tolerable: false,
  find({ text }, { conversation }) {
    const message = padded(text);
    const last = conversation.findLast(({ role }) => role === 'user');
    const again =
      lengthOf(message.slice(1, -1)) < SHORT_MESSAGE
        ? last !== undefined && paddedMessage(last) === message
        : conversation.some((earlier) => paddedMessage(earlier) === message);
    return again || repeatsSentence(text, conversation) || repeatsHalf(text, conversation)
      ? 'it said word for word what was said before; say something new'
      : null;
  },
};

function repeatsSentence(text: string, conversation: readonly Message[]): boolean {
  // Between two messages there are two spaces, so that no sentence is found across them.
  const said = conversation.map(paddedMessage).join('');
  return splitSentences(withoutQuotations(text))
    .map(padded)
    .filter((part) => part.split(' ').length - 2 >= LONG_SENTENCE)
    .some((part) => said.includes(part));
}

function repeatsHalf(text: string, conversation: readonly Message[]): boolean {
  const words = wordsIn(withoutQuotations(text).toLowerCase());
  // Of Chinese characters, two are about a word.
  const length = HAN.test(text) ? 2 * LONG_SENTENCE : LONG_SENTENCE;
  if (words.length < length) return false;
  const before = new Set(
    conversation.flatMap(({ content }) => rowsOf(wordsIn(content.toLowerCase()), length)),
  );
  const said = new Set<number>();
  for (const [start, row] of rowsOf(words, length).entries()) {
    if (before.has(row)) for (let at = start; at < start + length; at++) said.add(at);
  }
  return said.size >= MOST_SAID * words.length;
}

/** The rows of so many words that begin at each word. */
function rowsOf(words: readonly string[], length: number): string[] {
  return words.slice(length - 1).map((_, start) => words.slice(start, start + length).join(' '));
}

function lengthOf(message: string): number {
  return message.length + (message.match(/\p{Script=Han}/gu)?.length ?? 0);
}

/** The words alone, in lower case, with a space before, between and after them. */
function padded(text: string): string {
  return ` ${plainText(text)} `;
}

const paddedMessage: (message: Message) => string = remembered(({ content }) => padded(content));
