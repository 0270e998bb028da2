import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../internal/hash.ts';

const SAMPLE_BYTES = 4096;
const MAX_SAMPLES = 4096;
const LOCAL_HOST = /^https?:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?(?:\/|$)/i;

/**
 * A revision for a model that a server on this machine serves from a directory, under the directory's path as its name
 * (`transformers serve` and `vllm serve` do so). It changes when the weights do. Undefined for other models.
 */
export async function revisionOfDirectory(
  model: string,
  baseUrl: string | undefined,
): Promise<string | undefined> {
  if (!LOCAL_HOST.test(baseUrl ?? process.env.OPENAI_BASE_URL ?? '')) return undefined;
  if (!existsSync(model) || !statSync(model).isDirectory()) return undefined;
  const names = (await readdir(model)).sort();
  const files = await Promise.all(names.map(async (name) => `${name}:${await sampleOf(join(model, name))}`));
  return sha256(files.join('\n')).slice(0, 8);
}

/** Hashes a file's size and its samples: no tensor of a large model is smaller than the gap between two. */
async function sampleOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return '';
    const hash = createHash('sha256').update(`${stat.size}:`);
    const step = Math.max(SAMPLE_BYTES, Math.floor(stat.size / MAX_SAMPLES));
    for (let start = 0; start < stat.size; start += step) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, start);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
