import { createReadStream } from 'node:fs';
import { checkPath } from './check-path.ts';
import { unreadable } from './unreadable.ts';

/** A line of a file as its bytes, without the line feed. */
export interface ByteLine {
  /** From 1. */
  readonly lineNumber: number;
  /** Position of its first byte in the file. */
  readonly offset: number;
  /** Null for a line longer than `maxBytes`, so that a file without line ends cannot fill the memory. */
  readonly bytes: Buffer | null;
}

export interface ByteLinesOptions {
  /** Longest line to return, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const LINE_FEED = 0x0a;

/**
 * Reads a file line by line as bytes. Holds one line in memory at a time.
 *
 * @throws InvalidFileError when the file cannot be read; on abort, the signal's reason.
 */
export async function* readByteLines(path: string, options: ByteLinesOptions): AsyncGenerator<ByteLine> {
  checkPath('path', path);
  try {
    yield* splitLines(createReadStream(path) as AsyncIterable<Buffer>, options);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unreadable(path, error);
    throw error;
  }
}

/** Splits a stream of bytes into lines. Holds one line in memory at a time. @throws the signal's reason on abort. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  { maxBytes, signal }: ByteLinesOptions,
): AsyncGenerator<ByteLine> {
  let parts: Buffer[] = [];
  let size = 0;
  let offset = 0;
  let lineNumber = 0;

  function add(part: Buffer): void {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    else parts = [];
  }

  function take(): ByteLine {
    lineNumber += 1;
    const line = { lineNumber, offset, bytes: size > maxBytes ? null : Buffer.concat(parts) };
    offset += size + 1;
    parts = [];
    size = 0;
    return line;
  }

  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (size > 0) yield take();
}
