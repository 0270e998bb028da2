import { contentWords } from '../personas/rules/told-statements.ts';

/** A piece of a text. */
export interface TextPart {
  readonly text: string;
  /** Whether it is a word that also stands in one of the statements. */
  readonly isEcho: boolean;
}

const WORD = /([\p{L}\p{N}'’]+)/u;

/**
 * Splits a response where its words echo what the user has revealed, so that a page can mark them. Endings do not matter and
 * common words do not count. The parts together are the text.
 */
export function splitEchoes(text: string, statements: readonly string[]): TextPart[] {
  const known = new Set(statements.flatMap((statement) => [...contentWords(statement)]));
  const parts: { text: string; isEcho: boolean }[] = [];
  for (const [index, piece] of text.split(WORD).entries()) {
    // Every second piece is a word.
    const isEcho = index % 2 === 1 && [...contentWords(piece)].some((word) => known.has(word));
    const last = parts.at(-1);
    if (last?.isEcho === isEcho) last.text += piece;
    else if (piece !== '') parts.push({ text: piece, isEcho });
  }
  return parts;
}
