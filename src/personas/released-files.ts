import { basename, extname } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { endOfString } from '../internal/json-depth.ts';
import { readLimitedFile } from '../internal/read-file.ts';
import { splitSentences, tidyStatements } from './statements.ts';

/** A damaged line and how it was handled. */
export interface FileWarning {
  /** File name without its directory. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The damage and how it was handled, as a sentence. */
  readonly message: string;
}

/** One profile or personality from a released file, split into sentences. */
export interface ReleasedEntry {
  /** `profile-006` for the sixth entry of `profile.jsonl`. */
  readonly id: string;
  /** Tidied sentences, at least one. */
  readonly statements: readonly string[];
}

/** The contents of a released file. */
export interface ReleasedFile {
  /** In file order. */
  readonly entries: readonly ReleasedEntry[];
  /** Empty if nothing is damaged. */
  readonly warnings: readonly FileWarning[];
}

const SPACE = /\s*/y;
const SEPARATOR = /\s*,?\s*/y;
const NO_LIMITS = { minStatements: 1, maxStatements: Infinity, maxLength: Infinity };

/**
 * Reads a file in the format released by the authors of ALOE: one JSON string per line, each a free text about one
 * person. A line with several strings gives several entries and a warning. The profile, personality and evaluation
 * files all use this format.
 *
 * @example
 * ```ts
 * const { entries, warnings } = await readReleasedFile('profile.jsonl');
 * ```
 *
 * @throws InvalidFileError when the file cannot be read, or a line contains anything but JSON strings.
 */
export async function readReleasedFile(path: string): Promise<ReleasedFile> {
  const file = basename(path);
  const name = basename(path, extname(path)).replaceAll('_', '-');
  const entries: ReleasedEntry[] = [];
  const warnings: FileWarning[] = [];
  const lines = (await readLimitedFile(path))
    .toString()
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const texts = stringsOf(line);
    if (texts === null) throw new InvalidFileError(path, `line ${index + 1} is not a JSON string.`);
    for (const text of texts) {
      const statements = tidyStatements(splitSentences(text), NO_LIMITS);
      if (statements.length === 0) {
        warnings.push({ file, line: index + 1, message: 'The text contains no words and was skipped.' });
        continue;
      }
      entries.push({ id: `${name}-${String(entries.length + 1).padStart(3, '0')}`, statements });
    }
    if (texts.length > 1) {
      const message = `The line contains ${texts.length} JSON strings instead of one. Each was read as a separate entry.`;
      warnings.push({ file, line: index + 1, message });
    }
  }
  return { entries, warnings };
}

/** The strings on a line, or null if the line contains anything else. */
function stringsOf(line: string): string[] | null {
  const texts: string[] = [];
  for (let at = skip(SPACE, line, 0); at < line.length; ) {
    const end = line[at] === '"' ? endOfString(line, at) : -1;
    if (end < 0) return null;
    try {
      texts.push(JSON.parse(line.slice(at, end + 1)));
    } catch {
      return null;
    }
    at = skip(SEPARATOR, line, end + 1);
  }
  return texts;
}

/** Position of the next character that is not skipped. */
function skip(pattern: RegExp, line: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(line);
  return pattern.lastIndex;
}
