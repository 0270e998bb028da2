/** Scripts without spaces between words. Each character counts as a word. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}`;
const WORD = new RegExp(String.raw`[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{M}\p{N}])+`, 'gu');
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]$`, 'u');

/** The words of a text in lower case, without punctuation and markup. */
export function plainWords(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().replace(/['’]/g, '').match(WORD) ?? [];
}

/** How much a word says. Two characters of a script without spaces say about as much as a word. */
export function lengthOfWord(word: string): number {
  return IS_UNSPACED.test(word) ? 0.5 : 1;
}

/** How much a list of words says. */
export function lengthInWords(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + lengthOfWord(word), 0);
}
