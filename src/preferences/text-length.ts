/** Above it, a character takes two units, the first of which is a high surrogate. */
const [FIRST_HIGH, LAST_HIGH] = [0xd800, 0xdbff];

/** Length of a text in Unicode code points. Counted without a list of them, since a corpus is counted many times over. */
export function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const isPair = unit >= FIRST_HIGH && unit <= LAST_HIGH && isLow(text.charCodeAt(index + 1));
    if (isPair) index += 1;
    count += 1;
  }
  return count;
}

/** Length of a text in words, separated by white space. */
export function countWords(text: string): number {
  let count = 0;
  WORD.lastIndex = 0;
  while (WORD.test(text)) count += 1;
  return count;
}

const WORD = /\S+/g;

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
