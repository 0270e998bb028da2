import { countWords } from './text-features.ts';

const CONTRACTION =
  /(?<!\p{L})(?:\p{L}+n't|(?:i|you|he|she|it|we|they|that|this|there|here|who|what|where|when|how|let)'(?:s|m|re|ve|ll|d)|y'all)(?!\p{L})/giu;
const CHAT_WORD =
  /(?<!\p{L})(?:gonna|wanna|gotta|kinda|sorta|dunno|lemme|gimme|innit|yeah|yep|yup|yay|nope|nah|hey|hiya|wow|whoa|oops|ugh|phew|ha(?:ha)+|he(?:he)+|lol|lmao|omg|btw|tbh|imo|thx|pls|dude|bro|buddy|folks|okay|ok)(?!\p{L})/giu;
// "I" in small, letters drawn out ("sooo"), marks repeated.
const CARELESS_SPELLING = /(?<![\p{L}.])i(?![\p{L}.])|([a-hj-vx-z])\1{2,}|[!?]{2,}/gu;

/** A casual text has at least one mark in every so many words. */
const WORDS_A_MARK = 40;

/**
 * How formal an English text is: `formal` without any mark of casual writing (contractions, words of chat such as
 * "yeah", "i" in small, drawn-out letters, repeated marks), `casual` with one in every 40 words, `mixed` between.
 *
 * A proxy on the surface: it does not see tone, and knows English only.
 */
export function readFormality(text: string): 'formal' | 'casual' | 'mixed' {
  const plain = text.replaceAll('’', "'");
  const marks = [CONTRACTION, CHAT_WORD, CARELESS_SPELLING].flatMap((mark) => plain.match(mark) ?? []).length;
  if (marks === 0) return 'formal';
  return marks >= Math.ceil(countWords(plain) / WORDS_A_MARK) ? 'casual' : 'mixed';
}
