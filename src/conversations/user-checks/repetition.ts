import { splitSentences } from '../../personas/statements.ts';
import type { UserCheck } from './user-check.ts';

/** A sentence of so many words is not said twice by chance. */
const LONG_SENTENCE = 8;

/** What either side has said before, word for word: a whole message, or a long sentence of one. */
export const repetitionCheck: UserCheck = {
  problem: 'repetition',
  tolerable: false,
  find(text, { conversation }) {
    const earlier = conversation.map(({ content }) => normalise(content));
    const parts = splitSentences(text).filter((part) => normalise(part).split(' ').length >= LONG_SENTENCE);
    const repeated =
      earlier.includes(normalise(text)) ||
      parts.some((part) => earlier.some((message) => ` ${message} `.includes(` ${normalise(part)} `)));
    return repeated ? 'it said word for word what was said before; say something new' : null;
  },
};

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
