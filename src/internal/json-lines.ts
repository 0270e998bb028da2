import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
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
  const stream = createReadStream(path, 'utf8');
  let lineNumber = 0;
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      lineNumber += 1;
      const text = lineNumber === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.trim() === '') continue;
      yield { lineNumber, value: parseLine(path, lineNumber, text) };
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES') {
      throw new InvalidFileError(path, `cannot be read (${message}).`, { cause: error });
    }
    throw error;
  } finally {
    stream.destroy();
  }
}

function parseLine(path: string, lineNumber: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(path, `line ${lineNumber} is not JSON.`, { cause });
  }
}
