import { remembered } from '../../internal/remembered.ts';
import { plainText } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';
import { splitSentences } from '../../personas/statements.ts';
import { withoutQuotations } from './phrases/plain-speech.ts';
import type { UserCheck } from './user-check.ts';

const HAN = /\p{Script=Han}/gu;
/** Characters, of which a Chinese one counts twice. Shorter messages ("ok", "no thanks") come again in any chat, but not twice in a row. */
const SHORT_MESSAGE = 12;
/** Words. A sentence this long is not repeated by chance, nor are so many words in a row. */
const LONG_SENTENCE = 8;
/** Share of a message that was said before, in rows of so many words. */
const MOST_SAID = 0.5;

/** Finds messages, or long sentences in them, that either side has said before, word for word, and messages half of which the user has. */
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
    // Between two messages there are two spaces, so that nothing is found across them.
    const said = conversation.map(paddedMessage).join('');
    const spoken = withoutQuotations(text);
    // A user may well take up half of what the other side offered: "Yes, tell me how to …"
    const own = conversation.filter(({ role }) => role === 'user');
    return again || repeatsSentence(spoken, said) || repeatsHalf(spoken, own.map(paddedMessage).join(''))
      ? 'it said word for word what was said before; say something new'
      : null;
  },
};

function repeatsSentence(text: string, said: string): boolean {
  return splitSentences(text)
    .map(padded)
    .filter((part) => part.split(' ').length - 2 >= LONG_SENTENCE)
    .some((part) => said.includes(part));
}

function repeatsHalf(text: string, said: string): boolean {
  const message = padded(text);
  // Of Chinese characters, two are about a word, and no space is between them.
  const isHan = (message.match(HAN)?.length ?? 0) * 2 > message.length;
  const words = isHan ? [...message.trim()] : message.trim().split(' ');
  const length = isHan ? 2 * LONG_SENTENCE : LONG_SENTENCE;
  const wasSaid = (start: number, end: number) =>
    said.includes(isHan ? words.slice(start, end).join('') : ` ${words.slice(start, end).join(' ')} `);

  // Every row has one of these halves in it, which are fewer. Most messages have none that was said.
  const half = length / 2;
  const halves = Array.from({ length: Math.floor(words.length / half) }, (_, index) => index * half);
  if (!halves.some((start) => wasSaid(start, start + half))) return false;
  const repeated = new Set<number>();
  for (let start = 0; start + length <= words.length; start++) {
    if (wasSaid(start, start + length)) for (let at = start; at < start + length; at++) repeated.add(at);
  }
  return repeated.size >= MOST_SAID * words.length;
}

function lengthOf(message: string): number {
  return message.length + (message.match(HAN)?.length ?? 0);
}

/** The words alone, in lower case, with a space before, between and after them. */
function padded(text: string): string {
  return ` ${plainText(text)} `;
}

const paddedMessage: (message: Message) => string = remembered(({ content }) => padded(content));
