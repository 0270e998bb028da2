import { escapePattern } from '../../internal/escape-pattern.ts';

// Made when first needed: it takes some milliseconds, too long for an import.
let segmenter: Intl.Segmenter | undefined;

/** Counts words as Unicode segments them, in any script. Numbers count, punctuation and emoji do not. */
export function countWords(text: string): number {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count += 1;
  return count;
}

// Flags are two letters, and keycaps a digit with marks. Signs used in prose are excluded: ©, ™, arrows, square bullets.
const EMOJI =
  /(?![©®™ℹ‼⁉↔-↪▪▫])(?=\p{Emoji})\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[\d#*]\uFE0F?\u20E3/u;

/** Whether a text contains an emoji. Emoticons made of punctuation do not count. */
export function hasEmoji(text: string): boolean {
  return EMOJI.test(text);
}

/** Whether a text contains a question mark after a word, outside code and links. */
export function asksQuestion(text: string): boolean {
  const prose = withoutCode(text);
  return /[\p{L}\p{N}][^\p{L}\p{N}\s?？؟]*\s?[?？؟]/u.test(prose);
}

/** The text without code in backticks and without links. */
export function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`|\b\w+:\/\/\S+/g, ' ');
}

const UP_TO_LAST_WORD = /^[\s\S]*[\p{L}\p{N}]/u;
const LIST_ITEM = /^[^\S\r\u2028\u2029]*(?:[-*+•‣–]|\d{1,3}[.)])\s+\S[\s\S]/mu;

/** Whether at least two lines of a text begin with a Markdown bullet or number. */
export function hasList(text: string): boolean {
  const lines = text.split('\n').map((line) => UP_TO_LAST_WORD.exec(line)?.[0] ?? '');
  return lines.filter((line) => LIST_ITEM.test(line)).length >= 2;
}

/** Whether a text contains one of the words or phrases, as a whole and in any case. */
export function namesAny(words: readonly string[], text: string): boolean {
  const listed = words.map((word) => escapePattern(normalise(word).trim()).replace(/\s+/g, String.raw`\s+`));
  const whole = String.raw`(?<![\p{L}\p{M}\p{N}_])(?:${listed.join('|')})(?![\p{L}\p{M}\p{N}_])`;
  return new RegExp(whole, 'iu').test(normalise(text));
}

function normalise(text: string): string {
  return text.normalize('NFKC').replaceAll('’', "'");
}
