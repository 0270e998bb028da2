import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileSha256 } from '../internal/hash.ts';
import { makeDirectory } from '../internal/make-directory.ts';
import type { BytePatch, FileSum } from './sources.ts';

export interface WriteVerifiedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the length of each chunk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Streams bytes into a new file and verifies them. Stops at the expected size.
 *
 * @throws Error when size or checksum differ. The caller removes the file.
 */
export async function writeVerified(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  expected: FileSum,
  { signal, onBytes }: WriteVerifiedOptions = {},
): Promise<void> {
  // Synchronous: the source may already be running, and an error without a listener would end the process.
  makeDirectory(dirname(path));
  const hash = createHash('sha256');
  let bytes = 0;
  async function* check(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > expected.bytes) throw new Error(`it is larger than the ${expected.bytes} bytes expected`);
      hash.update(chunk);
      onBytes?.(chunk.length);
      yield chunk;
    }
  }
  await pipeline(chunks, check, createWriteStream(path, { flags: 'wx' }), { signal });
  if (bytes !== expected.bytes) throw new Error(`it ended after ${bytes} of ${expected.bytes} bytes`);
  const sum = hash.digest('hex');
  if (sum !== expected.sha256) throw new Error(`its SHA-256 is ${sum}, expected ${expected.sha256}`);
}

/**
 * Changes one byte of a file and verifies the file again.
 *
 * @throws Error when the byte is not the expected one, or the new checksum is not.
 */
export async function patchFile(path: string, expected: FileSum, patch: BytePatch): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, patch.offset);
    if (buffer[0] !== patch.from)
      throw new Error(`byte ${patch.offset} is ${buffer[0]}, expected ${patch.from}`);
    await file.write(Buffer.of(patch.to), 0, 1, patch.offset);
  } finally {
    await file.close();
  }
  const sum = await fileSha256(path);
  if (sum !== expected.sha256)
    throw new Error(`its SHA-256 after the change is ${sum}, expected ${expected.sha256}`);
}
