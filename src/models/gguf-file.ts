import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InvalidFileError, MissingWeightsError } from '../errors.ts';
import { sha256 } from '../internal/hash.ts';

const SAMPLE_BYTES = 1 << 20;

/**
 * Hashes a model file's size, first mebibyte and last mebibyte. Distinguishes files of the same name without reading
 * gigabytes.
 *
 * @throws MissingWeightsError if the file does not exist.
 * @throws InvalidFileError if it is not a GGUF file.
 */
export function fingerprintGguf(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new MissingWeightsError(`No model file at ${path}.`, {
      hint: 'Set modelPath to a GGUF file, or download the embedded model with: npx aloe-align models pull',
      cause,
    });
  }
  try {
    const stat = fstatSync(file);
    const size = stat.isFile() ? stat.size : 0;
    const head = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
    const tail = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
    readSync(file, head, 0, head.length, 0);
    readSync(file, tail, 0, tail.length, size - tail.length);
    if (head.subarray(0, 4).toString('latin1') !== 'GGUF') {
      throw new InvalidFileError(path, 'is not a GGUF file.', {
        hint: 'Set modelPath to a model in GGUF format, usually a file that ends in .gguf.',
      });
    }
    return sha256(Buffer.concat([Buffer.from(`${size}:`), head, tail])).slice(0, 12);
  } finally {
    closeSync(file);
  }
}
