import { createReadStream } from 'node:fs';
import { InvalidFileError } from '../errors.ts';

export interface JsonLine {
  /** From 1. */
  readonly lineNumber: number;
  readonly value: unknown;
}

/**
 * Reads a JSON Lines file one line at a time. Empty lines are skipped.
 *
 * @throws InvalidFileError naming the line when one is not JSON, or when the file cannot be read.
 */
export async function* readJsonLines(path: string): AsyncGenerator<JsonLine> {
  let lineNumber = 0;
  try {
    for await (const line of readLines(path)) {
      lineNumber += 1;
      const text = lineNumber === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.trim() === '') continue;
      yield { lineNumber, value: parseLine(path, lineNumber, text) };
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      throw new InvalidFileError(path, `cannot be read (${error.message}).`, { cause: error });
    }
    throw error;
  }
}

/** Not `node:readline`: it also ends a line at U+2028 and U+2029, which JSON allows inside a text. */
async function* readLines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const [first, ...lines] = chunk.split('\n');
    // Only added to: searching all of a long line again at every chunk would take the square of its length.
    rest += first;
    for (const line of lines) {
      yield rest;
      rest = line;
    }
  }
  if (rest !== '') yield rest;
}

function parseLine(path: string, lineNumber: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(path, `line ${lineNumber} is not JSON.`, { cause });
  }
}
