import { countWords } from './text-features.ts';

const CONTRACTION =
  /(?<!\p{L})(?:\p{L}+n't|(?:i|you|he|she|it|we|they|that|this|there|here|who|what|where|when|how|let)'(?:s|m|re|ve|ll|d)|y'all)(?!\p{L})/giu;
const CHAT_WORD =
  /(?<!\p{L})(?:gonna|wanna|gotta|kinda|sorta|dunno|lemme|gimme|innit|yeah|yep|yup|yay|nope|nah|hey|hiya|wow|whoa|oops|ugh|phew|ha(?:ha)+|he(?:he)+|lol|lmao|omg|btw|tbh|imo|thx|pls|dude|bro|buddy|folks|okay|ok)(?!\p{L})/giu;
// Lowercase "I", drawn-out letters ("sooo"), repeated punctuation marks.
const CARELESS_SPELLING = /(?<![\p{L}.])i(?![\p{L}.])|([a-hj-vx-z])\1{2,}|[!?]{2,}/gu;

/** A casual text has at least one mark per this many words. */
const WORDS_PER_MARK = 40;

/**
 * Rates the formality of an English text by its marks of casual writing: contractions, chat words such as "yeah",
 * lowercase "i", drawn-out letters and repeated punctuation marks. `formal` has none, `casual` at least one per 40 words,
 * `mixed` fewer. Tone is not considered.
 */
export function readFormality(text: string): 'formal' | 'casual' | 'mixed' {
  const plain = text.replaceAll('’', "'");
  const marks = [CONTRACTION, CHAT_WORD, CARELESS_SPELLING].flatMap((mark) => plain.match(mark) ?? []).length;
  if (marks === 0) return 'formal';
  return marks >= Math.ceil(countWords(plain) / WORDS_PER_MARK) ? 'casual' : 'mixed';
}
