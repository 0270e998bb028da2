import { createReadStream } from 'node:fs';
import type { AloeErrorOptions } from '../errors.ts';
import { checkPath } from './check-path.ts';
import { MAX_JSON_BYTES, tooLong } from './parse-json.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads a whole file. Counts what it reads rather than trusting the file's size: a pipe has none, and a file can grow.
 *
 * @throws InvalidOptionError if it is not a path; InvalidFileError if the file cannot be read or is larger than 256 MiB.
 */
export async function readLimitedFile(path: string, options?: AloeErrorOptions): Promise<Buffer> {
  checkPath('path', path);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_JSON_BYTES) throw tooLong(path);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unreadable(path, error, options);
    throw error;
  }
  return Buffer.concat(chunks);
}
