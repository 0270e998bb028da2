import { clip } from '../internal/clip.ts';
import { singleSpaces } from '../internal/single-spaces.ts';

/** Limits on the statements of one entry. */
export interface StatementLimits {
  /** An entry with fewer statements is dropped. */
  readonly minStatements: number;
  /** Further statements are left out. */
  readonly maxStatements: number;
  /** Characters. A longer statement is cut at the last word that fits. */
  readonly maxLength: number;
}

// Made when first needed: it takes 8 ms, too long for an import.
let segmenter: Intl.Segmenter | undefined;

/** A full stop after these does not end a sentence, though the segmenter assumes so if a capital letter follows. */
const ABBREVIATION =
  /(?:^|[\s("'“‘])(?:Dr|Mr|Mrs|Ms|Mx|Prof|St|Ste|Mt|Ft|Rev|Fr|Sgt|Capt|Lt|Col|Gen|Gov|Sen|Hon|No|vs|e\.g|i\.e|cf|approx|ca|incl|esp|(?:[A-Z]\.)*[A-Z])\.\s*$/;

/** These words open a sentence even after an abbreviation: "lives on Main St. She …". */
const SENTENCE_OPENING = /^(?:He|She|They|It|We|I|His|Her|Their|Its|My|This|These|When|On|In|At)\s/;

/** Splits a text into sentences. Runs of white space become one space. */
export function splitSentences(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' });
  const sentences: string[][] = [];
  let last: string | undefined;
  for (const { segment } of segmenter.segment(singleSpaces(text).trim())) {
    if (last !== undefined && ABBREVIATION.test(last) && !SENTENCE_OPENING.test(segment)) {
      sentences.at(-1)!.push(segment);
    } else sentences.push([segment]);
    last = segment;
  }
  return sentences.map((segments) => segments.join('').trim()).filter((sentence) => sentence !== '');
}

/**
 * Strips list markers, Markdown, enclosing quotes and a final full stop, and cuts the statement to `maxLength`
 * characters. Empty if no letter is left.
 */
export function tidyStatement(text: string, maxLength: number = Infinity): string {
  const plain = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:(?:[-*+•‣▪◦·●○–—>#]+|\(?\d{1,2}[.)])\s+)+/, '')
    .replace(/\*\*|__|`/g, '')
    .replace(/(^|[\s("'])[*_]([^\s*_](?:[^*_]*[^\s*_])?)[*_](?=$|[\s)"'.,;:!?])/g, '$1$2')
    .trim();
  const bare = stripQuotes(plain)
    .replace(/(?<![,;:\s])[,;:\s]+$/, '')
    .replace(/(?<!\.|\.\p{L})\.$/u, '')
    .trim();
  const short = cut(bare, maxLength);
  return /\p{L}/u.test(short) ? short : '';
}

/** Tidies statements, drops empty and repeated ones, and applies the two upper limits. */
export function tidyStatements(statements: readonly string[], limits: StatementLimits): string[] {
  const seen = new Map<string, string>();
  for (const statement of statements) {
    const tidy = tidyStatement(statement, limits.maxLength);
    const key = tidy.toLowerCase();
    if (tidy !== '' && !seen.has(key)) seen.set(key, tidy);
  }
  return [...seen.values()].slice(0, limits.maxStatements);
}

/**
 * How the statements of an entry become the text that is compared. 2: joined by spaces, so the text that is compared is the
 * text that is shown. 1, in pools of version 0.1: with a full stop added to each statement.
 */
export type TextRule = 1 | 2;

/** The text of an entry that an embedder compares. */
export function comparedText(statements: readonly string[], rule: TextRule = 2): string {
  return rule === 1 ? joinStatements(statements) : statements.join(' ');
}

/** Joins statements into one text, with a full stop after each that has no mark of its own. */
export function joinStatements(statements: readonly string[]): string {
  return statements
    .map((statement) => (/[.!?…]["'”’)]?$/.test(statement) ? statement : `${statement}.`))
    .join(' ');
}

function stripQuotes(text: string): string {
  const inner = /^["“'‘](.*)["”'’][.,]?$/s.exec(text)?.[1];
  return inner === undefined || /["“”]/.test(inner) ? text : inner;
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const lastBlank = text.slice(0, maxLength + 1).lastIndexOf(' ');
  return (lastBlank > maxLength / 2 ? text.slice(0, lastBlank) : clip(text, maxLength)).trimEnd();
}
