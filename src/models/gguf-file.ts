import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { InvalidFileError, MissingWeightsError } from '../errors.ts';
import { sampleFile } from '../internal/file-sample.ts';

/**
 * Tells model files of the same name apart without reading gigabytes.
 *
 * @throws MissingWeightsError if the file does not exist.
 * @throws InvalidFileError if it is not a GGUF file.
 */
export function fingerprintGguf(path: string): string {
  let isGguf: boolean;
  try {
    isGguf = statSync(path).isFile() && startOf(path) === 'GGUF';
  } catch (cause) {
    throw new MissingWeightsError(`No model file at ${path}.`, {
      hint: 'Set modelPath to a GGUF file, or download the embedded model with: npx aloe-align models pull',
      cause,
    });
  }
  if (!isGguf) {
    throw new InvalidFileError(path, 'is not a GGUF file.', {
      hint: 'Set modelPath to a model in GGUF format, usually a file that ends in .gguf.',
    });
  }
  return sampleFile(path).slice(0, 12);
}

function startOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(4);
    readSync(file, start, 0, start.length, 0);
    return start.toString('latin1');
  } finally {
    closeSync(file);
  }
}
