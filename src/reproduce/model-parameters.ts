import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { exists } from '../training/folder/job-folder.ts';

/** The limit of the format, in bytes. */
const LONGEST_HEAD = 100_000_000;

const UNITS: Readonly<Record<string, number>> = { M: 1e6, B: 1e9 };

/**
 * Number of weights of a model: counted in the heads of its weight files, else as its name says (`Qwen2-7B-Instruct`). Null if
 * neither tells.
 *
 * @param model A directory in Hugging Face's layout, or a name on the hub.
 */
export async function modelParameters(model: string): Promise<number | null> {
  if (await exists(model)) {
    const names = (await readdir(model)).filter((name) => name.endsWith('.safetensors'));
    const counts = await Promise.all(names.map((name) => countWeights(join(model, name))));
    if (counts.length > 0) return counts.reduce((sum, count) => sum + count, 0);
  }
  const [, size, unit] = /(\d+(?:\.\d+)?)\s*([MB])(?![A-Za-z])/.exec(model) ?? [];
  return size === undefined ? null : Number(size) * UNITS[unit!]!;
}

/** The head of a safetensors file: its length in 8 bytes, then JSON with the shape of each tensor. */
async function countWeights(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(8), position: 0 });
    const length = Number(buffer.readBigUInt64LE());
    if (length > LONGEST_HEAD) throw new InvalidFileError(path, 'is not a safetensors file.');
    const head = await file.read({ buffer: Buffer.alloc(length), position: 8 });
    const tensors = JSON.parse(head.buffer.toString()) as Record<string, { shape?: readonly number[] }>;
    return Object.values(tensors).reduce(
      (sum, { shape }) => sum + (shape?.reduce((product, side) => product * side, 1) ?? 0),
      0,
    );
  } finally {
    await file.close();
  }
}
