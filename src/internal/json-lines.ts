import { readByteLines } from './byte-lines.ts';
import { MAX_JSON_BYTES, parseJson, tooLong } from './parse-json.ts';

export interface JsonLine {
  /** From 1. */
  readonly lineNumber: number;
  readonly value: unknown;
}

/**
 * Reads a JSON Lines file one line at a time. Empty lines and a byte order mark are skipped. Lines end at a line feed
 * only: JSON allows U+2028 and U+2029 inside a string, where `node:readline` would break.
 *
 * @throws InvalidFileError when the file cannot be read, or a line is not JSON, is longer than 256 MiB or is nested
 * deeper than 1,000 levels, with the number of the line.
 */
export async function* readJsonLines(path: string): AsyncGenerator<JsonLine> {
  for await (const { lineNumber, bytes } of readByteLines(path, { maxBytes: MAX_JSON_BYTES })) {
    if (bytes === null) throw tooLong(path, `line ${lineNumber}`);
    const text = bytes.toString();
    // `trim` also takes away a byte order mark.
    if (text.trim() !== '') yield { lineNumber, value: parseJson(path, text, lineNumber) };
  }
}
