import { InvalidFileError } from '../errors.ts';
import { findTooDeep } from './json-depth.ts';
import { findJsonProblem } from './json-problem.ts';

/** The longest JSON text that is read, in bytes. Half of the longest text that the engine can hold. */
export const MAX_JSON_BYTES: number = 256 * 1024 * 1024;

/** Deeper than any file of this library, and less than the stack holds. */
const MAX_DEPTH = 1_000;

/**
 * Parses the text of a JSON file, or one line of a JSON Lines file. A byte order mark is ignored.
 *
 * @param lineNumber The line that the text is, in a JSON Lines file.
 * @throws InvalidFileError with line and column when the text is not JSON, or is nested deeper than 1,000 levels.
 */
export function parseJson(path: string, text: string, lineNumber?: number): unknown {
  const json = text.replace(/^\uFEFF/, '');

  function refuse(what: string, problem: string, offset: number, cause?: unknown): InvalidFileError {
    const before = json.slice(0, offset);
    const column = `column ${offset - before.lastIndexOf('\n')}`;
    const message =
      lineNumber === undefined
        ? `is ${what}: ${problem} at line ${before.split('\n').length}, ${column}.`
        : `line ${lineNumber} is ${what}: ${problem} at ${column}.`;
    return new InvalidFileError(path, message, { cause });
  }

  const tooDeep = findTooDeep(json, MAX_DEPTH);
  if (tooDeep >= 0) throw refuse('nested too deep', `more than ${MAX_DEPTH} levels`, tooDeep);
  try {
    return JSON.parse(json);
  } catch (cause) {
    const { offset, expected } = findJsonProblem(json)!;
    throw refuse('not JSON', `expected ${expected}`, offset, cause);
  }
}

/** The error for a file, or a line of it, that is longer than {@link MAX_JSON_BYTES}. */
export function tooLong(path: string, what = 'the file'): InvalidFileError {
  return new InvalidFileError(path, `${what} is longer than ${MAX_JSON_BYTES / 1024 / 1024} MiB.`);
}
