import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export { canonicalJson } from './canonical-json.ts';

/** The SHA-256 of text (as UTF-8) or bytes, in lower-case hex. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text);
}

/** The SHA-256 of a file, in lower-case hex. The file is streamed, so it may be larger than memory. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest, { signal });
  return digest.digest('hex');
}
