import { splitSentences } from '../../personas/statements.ts';
import { withoutQuotations } from './phrases/plain-speech.ts';
import type { UserCheck } from './user-check.ts';

/** Words. A sentence this long is not repeated by chance. */
const LONG_SENTENCE = 8;

/** Finds messages, or long sentences in them, that either side has said before, word for word. */
export const repetitionCheck: UserCheck = {
  problem: 'repetition',
  tolerable: false,
  find({ text }, { conversation }) {
    const earlier = conversation.map(({ content }) => normalise(content));
    const parts = splitSentences(withoutQuotations(text)).filter(
      (part) => normalise(part).split(' ').length >= LONG_SENTENCE,
    );
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
