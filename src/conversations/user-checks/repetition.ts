import { splitSentences } from '../../personas/statements.ts';
import { withoutQuotations } from './phrases/plain-speech.ts';
import type { UserCheck } from './user-check.ts';

/** Characters, of which a Chinese one counts twice. Shorter messages ("ok", "no thanks") come again in any chat, but not twice in a row. */
const SHORT_MESSAGE = 12;
/** Words. A sentence this long is not repeated by chance. */
const LONG_SENTENCE = 8;

/** Finds messages, or long sentences in them, that either side has said before, word for word. */
export const repetitionCheck: UserCheck = {
  problem: 'repetition',
  tolerable: false,
  find({ text }, { conversation }) {
    const earlier = conversation.map(({ content }) => normalise(content));
    const message = normalise(text);
    const last = conversation.findLastIndex(({ role }) => role === 'user');
    const again = lengthOf(message) < SHORT_MESSAGE ? earlier[last] === message : earlier.includes(message);
    const parts = splitSentences(withoutQuotations(text)).filter(
      (part) => normalise(part).split(' ').length >= LONG_SENTENCE,
    );
    const repeated =
      again ||
      parts.some((part) => earlier.some((message) => ` ${message} `.includes(` ${normalise(part)} `)));
    return repeated ? 'it said word for word what was said before; say something new' : null;
  },
};

function lengthOf(message: string): number {
  return message.length + (message.match(/\p{Script=Han}/gu)?.length ?? 0);
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
