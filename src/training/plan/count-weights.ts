import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { InvalidFileError } from '../../errors.ts';
import { messageOf } from '../../internal/message-of.ts';

const headerSchema = z.record(z.string(), z.object({ shape: z.array(z.int().nonnegative()).optional() }));

/**
 * The number of weights of a model in a directory. Null without safetensors files.
 *
 * @throws InvalidFileError for a damaged safetensors file.
 */
export async function countWeights(directory: string): Promise<number | null> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.safetensors'));
  const counts = await Promise.all(files.map((name) => countInFile(join(directory, name))));
  return counts.reduce((sum, count) => sum + count, 0) || null;
}

/** Far above the header of any shard. */
const MAX_HEADER_BYTES = 100 * 2 ** 20;

/** The number of weights in a safetensors file: 8 bytes with the header's length, then the header in JSON. */
async function countInFile(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(8), position: 0 });
    const length = bytesRead === 8 ? Number(buffer.readBigUInt64LE()) : 0;
    if (length < 2 || length > MAX_HEADER_BYTES) throw new Error('the length of its header is impossible');
    const header = await file.read({ buffer: Buffer.alloc(length), position: 8 });
    const { __metadata__: _, ...tensors } = JSON.parse(header.buffer.toString()) as Record<string, unknown>;
    return Object.values(headerSchema.parse(tensors)).reduce(
      (sum, { shape = [] }) => sum + shape.reduce((product, side) => product * side, 1),
      0,
    );
  } catch (cause) {
    throw new InvalidFileError(path, `is not a safetensors file (${messageOf(cause)}).`, { cause });
  } finally {
    await file.close();
  }
}
