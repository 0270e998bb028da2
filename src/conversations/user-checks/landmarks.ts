import { remembered } from '../../internal/remembered.ts';
import { tokensIn } from '../../internal/words.ts';
import type { Statement } from '../../personas/persona.ts';

const NUMBER = /\d{1,3}(?:[.,\s]\d{3})+(?!\d)|\d+/gu;
const ENGLISH = new Set('the and my is of was it for with you that to i his her has are'.split(' '));
/** Letters. Words of this length that begin alike in two languages mostly mean the same: `cataract`, `catarata`. */
const [COGNATE, STEM] = [6, 5];

/** Whether a text is in English, by its commonest words. */
export function isEnglish(text: string): boolean {
  const words = tokensIn(text.toLowerCase());
  return words.filter((word) => ENGLISH.has(word)).length > words.length / 10;
}

/** How many of a statement's landmarks, which no other statement shares, a text contains. */
export interface FoundLandmarks {
  readonly names: number;
  readonly others: number;
}

/**
 * Compares a text with the statements of a persona in another language by what survives a translation: names, numbers of
 * two or more digits, and the beginnings of long words.
 */
export function findLandmarks(text: string, statements: readonly Statement[]): FoundLandmarks[] {
  const all = statements.map(landmarksOf);
  const owners = new Map<string, number>();
  for (const mark of all.flatMap(({ names, others }) => [...new Set([...names, ...others])])) {
    owners.set(mark, (owners.get(mark) ?? 0) + 1);
  }
  const said = new Set(tokensIn(fold(text)));
  const marks = marksOf(text, STEM);
  const count = (own: ReadonlySet<string>, found: ReadonlySet<string>) =>
    [...own].filter((mark) => owners.get(mark) === 1 && found.has(mark)).length;
  return all.map(({ names, others }) => ({ names: count(names, said), others: count(others, marks) }));
}

interface Landmarks {
  readonly names: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

const landmarksOf: (statement: Statement) => Landmarks = remembered(({ text }) => {
  const names = tokensIn(text)
    .slice(1)
    .filter((word) => /^\p{Lu}\p{Ll}{2}/u.test(word));
  return { names: new Set(names.map(fold)), others: marksOf(text, COGNATE) };
});

function marksOf(text: string, minLetters: number): Set<string> {
  const numbers = (text.match(NUMBER) ?? []).map((number) => number.replace(/\D/g, ''));
  const words = tokensIn(fold(text)).filter((word) => word.length >= minLetters && !/\d/.test(word));
  return new Set([
    ...numbers.filter((number) => number.length >= 2),
    ...words.map((word) => word.slice(0, STEM)),
  ]);
}

/** Lower case, without accents. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
