import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const SAMPLE_BYTES = 4096;
const MAX_SAMPLES = 4096;

/**
 * Hashes a file's size and 4,096 samples of 4 KiB, evenly spread: all of a file of up to 16 MiB, and every large tensor of
 * a model of many gigabytes, in a moment. A change of a few KiB in a large file can go unnoticed.
 */
export function sampleFile(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const hash = createHash('sha256').update(`${size}:`);
    const samples = Math.min(MAX_SAMPLES, Math.ceil(size / SAMPLE_BYTES));
    const sample = Buffer.alloc(SAMPLE_BYTES);
    for (let index = 0; index < samples; index++) {
      // The last one ends with the file.
      const start = Math.floor((index * Math.max(0, size - SAMPLE_BYTES)) / Math.max(1, samples - 1));
      hash.update(sample.subarray(0, readSync(file, sample, 0, SAMPLE_BYTES, start)));
    }
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
