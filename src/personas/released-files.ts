import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { splitSentences, tidyStatements } from './statements.ts';

/** Damage in a file, and what was done about it. */
export interface FileWarning {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** One person of a released file, or one personality, as sentences. */
export interface ReleasedEntry {
  /** `profile-006` for the sixth entry of `profile.jsonl`. */
  readonly id: string;
  readonly statements: readonly string[];
}

export interface ReleasedFile {
  readonly entries: readonly ReleasedEntry[];
  /** Empty for a sound file. */
  readonly warnings: readonly FileWarning[];
}

const JSON_STRING = /\s*("(?:[^"\\]|\\.)*")\s*,?/y;
const NO_LIMITS = { minStatements: 1, maxStatements: Infinity, maxLength: Infinity };

/**
 * Reads a file of the shape the authors of ALOE released: one JSON string a line, a free text about one person. A
 * line with several strings gives several entries and a warning. Profiles, personalities and the evaluation files
 * all have this shape.
 *
 * @throws InvalidFileError when the file cannot be read, or a line holds anything but JSON strings.
 */
export async function readReleasedFile(path: string): Promise<ReleasedFile> {
  const file = basename(path);
  const name = basename(path, extname(path)).replaceAll('_', '-');
  const entries: ReleasedEntry[] = [];
  const warnings: FileWarning[] = [];
  const lines = (await readText(path)).replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const texts = stringsOf(line);
    if (texts === null) throw new InvalidFileError(path, `line ${index + 1} is not a JSON string.`);
    for (const text of texts) {
      const statements = tidyStatements(splitSentences(text), NO_LIMITS);
      if (statements.length === 0) {
        warnings.push({ file, line: index + 1, message: 'The text holds no words and was left out.' });
        continue;
      }
      entries.push({ id: `${name}-${String(entries.length + 1).padStart(3, '0')}`, statements });
    }
    if (texts.length > 1) {
      const message = `The line holds ${texts.length} JSON strings instead of one; each was read as an entry of its own.`;
      warnings.push({ file, line: index + 1, message });
    }
  }
  return { entries, warnings };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new InvalidFileError(path, `cannot be read (${(cause as Error).message}).`, { cause });
  }
}

/** The strings a line consists of, or null when there is anything else in it. */
function stringsOf(line: string): string[] | null {
  const texts: string[] = [];
  JSON_STRING.lastIndex = 0;
  while (line.slice(JSON_STRING.lastIndex).trim() !== '') {
    const literal = JSON_STRING.exec(line)?.[1];
    if (literal === undefined) return null;
    try {
      texts.push(JSON.parse(literal));
    } catch {
      return null;
    }
  }
  return texts;
}
