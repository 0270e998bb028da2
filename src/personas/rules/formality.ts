import { CASUAL_OPENINGS, CASUAL_PHRASES, CASUAL_WORDS } from './casual-words.ts';
import { countWords, withoutCode } from './text-features.ts';

const whole = (words: string) => new RegExp(`(?<![\\p{L}'-])(?:${words})(?![\\p{L}'-])`, 'giu');
const SENTENCE_START = String.raw`(?:^|[.!?:]["')]* |\n)(?:[-*•] )?`;

/** Each match is a mark of casual writing. */
const MARKS: readonly RegExp[] = [
  // Contractions.
  /(?<!\p{L})(?:\p{L}+n't|(?:i|you|he|she|it|we|they|that|this|there|here|who|what|where|when|how|let)'(?:s|m|re|ve|ll|d)|y'all|c'mon|'cause)(?!\p{L})/giu,
  whole(CASUAL_WORDS),
  whole(CASUAL_PHRASES),
  new RegExp(`${SENTENCE_START}(?:${CASUAL_OPENINGS})(?![\\p{L}'-])`, 'giu'),
  // Somebody addressed in passing: "Man, ...", "..., mate."
  /(?:^|[.!?] )(?:man|boy|cool|chill|relax|classic)(?=[,!])|, (?:man|mate|pal|love|fam|you clown)(?=[.,!?]|$)|\b(?:like|seriously)(?=,)/giu,
  // Lowercase "I" that is no number ("part (i)"), drawn-out letters ("sooo"), repeated punctuation marks, trailing dots.
  /(?<![\p{L}\d.])i(?![\p{L}\d.)])|([a-hj-vx-z])\1{2,}|[!?]{2,}|(?<![.…])(?:\.{2,}|…)(?!\d)/gu,
  // Signs for words: "u", "l8r", "w/".
  /(?<![\p{L}\d'.@/-])(?:u|ur|r u|l8r|gr8|m8|b4|2nite|2day|2moro|tonite|w\/o?)(?![\p{L}\d'@/-])/gu,
];

/** A casual text has at least one mark per this many words. */
const WORDS_PER_MARK = 40;
/** A text of so few words may do without a capital, or be all capitals: a heading, an item of a list. */
const FEW_WORDS = 3;

/**
 * Rates the formality of an English text by its marks of casual writing: contractions, words and phrases of speech, chat
 * and insult, sentences without their subject, and careless spelling (lowercase "i" or no capital at the beginning, all
 * capitals, drawn-out letters, "u", repeated punctuation marks). `formal` has none, `casual` at least one per 40 words,
 * `mixed` fewer. Code and links do not count. A plain text without marks is `formal`. What a text says is not understood.
 */
export function readFormality(text: string): 'formal' | 'casual' | 'mixed' {
  const plain = withoutCode(text)
    .replace(/[’´ʼ]/g, "'")
    .replace(/[^\S\n]+/g, ' ');
  const words = countWords(plain);
  const found = MARKS.reduce((sum, mark) => sum + (plain.match(mark)?.length ?? 0), 0);
  const marks = found + (words > FEW_WORDS && hasCarelessCapitals(plain) ? 1 : 0);
  if (marks === 0) return 'formal';
  return marks >= Math.ceil(words / WORDS_PER_MARK) ? 'casual' : 'mixed';
}

/** No capital where the text begins, or nothing but capitals. Lists are left out: their items often begin small. */
function hasCarelessCapitals(text: string): boolean {
  // A second letter that is a capital makes it a name: "iPhone".
  const first = /[\p{L}\p{N}*•-]\p{Lu}?/u.exec(text)?.[0] ?? '';
  return /^\p{Ll}$/u.test(first) || (/\p{Lu}/u.test(first) && !/\p{Ll}/u.test(text));
}
