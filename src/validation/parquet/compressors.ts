import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { unpackSnappy } from './snappy.ts';

/** Decoders that stop at the size that the page header states. */
export const compressors: Compressors = {
  SNAPPY: unpackSnappy,
  GZIP: (input, size) => gunzipSync(input, limit(size)),
  BROTLI: (input, size) => brotliDecompressSync(input, limit(size)),
  ZSTD: (input, size) => zstdDecompressSync(input, limit(size)),
};

/** zlib accepts no limit below 1. */
const limit = (size: number) => ({ maxOutputLength: Math.max(1, size) });
