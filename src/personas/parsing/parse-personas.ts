import { clip } from '../../internal/clip.ts';
import { checkNumber } from '../../internal/options.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import { joinStatements, type StatementLimits, splitSentences, tidyStatements } from '../statements.ts';
import { entriesFromJson } from './parse-personas-json.ts';
import { entriesFromText, isChatter } from './parse-personas-text.ts';

/** Why a part of a reply did not become an entry. */
export type UnusableReason = 'too-few-statements' | 'refusal' | 'nothing-found';

export interface DroppedEntry {
  readonly reason: UnusableReason;
  /** The model's text, at most 500 characters. */
  readonly text: string;
}

export interface ParsedPersonas {
  /** The statements of each person, in the order of the reply. */
  readonly entries: readonly (readonly string[])[];
  readonly dropped: readonly DroppedEntry[];
}

export interface ParsePersonasOptions {
  /** An entry with fewer statements is dropped. Default 3. */
  readonly minStatements?: number | undefined;
  /** Further statements of an entry are left out. Default 12. */
  readonly maxStatements?: number | undefined;
  /** Maximum length of a statement, in characters. A longer one is cut at the last word that fits. Default 300. */
  readonly maxStatementLength?: number | undefined;
  /** Whether the reply hit its token limit. Its last statement is then left out. Default false. */
  readonly truncated?: boolean | undefined;
}

const REFUSAL =
  /^(?:(?:i['’]?m|i am) (?:really |very |so )?(?:sorry|unable|not able|afraid i)|sorry,|my apologies|(?:unfortunately,? )?i (?:can['’]?t|cannot|can not|won['’]t|am not going to) (?:help|assist|provide|create|generate|comply|fulfil|fulfill|do that|write|continue|produce|make)|as an? (?:ai|language model|artificial))/i;

const TITLE = /^[^:.,;\d]{1,40}:\s+/;

/**
 * Parses a reply that describes several people. Accepts JSON of any shape, even slightly invalid, numbered or bulleted
 * lists, headings and paragraphs, with chatter around them. Prose becomes one statement per sentence. No reply makes it
 * throw: unusable parts are returned in `dropped`.
 *
 * @throws InvalidOptionError for a limit that is not a whole number of at least 1.
 */
export function parsePersonas(reply: string, options: ParsePersonasOptions = {}): ParsedPersonas {
  const limits: StatementLimits = {
    minStatements: checkNumber('minStatements', options.minStatements ?? 3, { min: 1, integer: true }),
    maxStatements: checkNumber('maxStatements', options.maxStatements ?? 12, { min: 1, integer: true }),
    maxLength: checkNumber('maxStatementLength', options.maxStatementLength ?? 300, {
      min: 1,
      integer: true,
    }),
  };
  const answer = withoutReasoning(reply);
  const found = entriesFromJson(answer, limits) ?? entriesFromText(answer, limits);
  const entries: string[][] = [];
  const dropped: DroppedEntry[] = [];
  for (const [index, raw] of found.entries()) {
    const whole = splitEntry(raw, limits);
    const cut = options.truncated === true && index === found.length - 1;
    const statements = tidyStatements(cut ? whole.slice(0, -1) : whole, limits);
    if (REFUSAL.test(whole[0] ?? '')) dropped.push(drop('refusal', raw.join(' ')));
    else if (statements.length >= limits.minStatements) entries.push(statements);
    else if (whole.length > 0) dropped.push(drop('too-few-statements', raw.join(' ')));
  }
  if (entries.length === 0 && dropped.length === 0) {
    dropped.push(drop('nothing-found', answer));
  }
  return { entries, dropped };
}

/** The sentences of an entry, without chatter. If there are too few, its clauses. */
function splitEntry(raw: readonly string[], limits: StatementLimits): string[] {
  const sentences = raw.flatMap(splitSentences).filter((sentence) => !isChatter(sentence));
  if (sentences.length < limits.minStatements) {
    const clauses = joinStatements(sentences).split(/;\s+/);
    return clauses.length >= limits.minStatements ? clauses : sentences;
  }
  // "The planner: Makes lists. Is punctual." has a title, "Age: 34. Work: nurse." has attributes.
  const titled = raw.length === 1 && sentences.filter((sentence) => TITLE.test(sentence)).length === 1;
  return titled && TITLE.test(sentences[0]!)
    ? [sentences[0]!.replace(TITLE, ''), ...sentences.slice(1)]
    : sentences;
}

function drop(reason: UnusableReason, text: string): DroppedEntry {
  return { reason, text: clip(text.trim(), 500) };
}
