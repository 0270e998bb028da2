import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expect } from 'vitest';

/** The beginning of every canary, so that half of one is also found. None has the shape of any provider's keys. */
const MARK = 'Kanari7';

/** A secret that occurs nowhere else. It has characters that URLs, forms, JSON and HTML encode. */
export function canary(name: string): string {
  return `${MARK}/${name}+of=no shape&"${'x'.repeat(20)}`;
}

/** A canary that can be sent in a header. */
export function headerCanary(name: string): string {
  return `${MARK}-${name}/of+no=shape-${'x'.repeat(20)}`;
}

/** The mark itself, and how base64 writes it at each position modulo 3. */
const TRACES: readonly string[] = [
  MARK,
  ...[0, 1, 2].map((offset) => {
    const whole = Buffer.from('\0'.repeat(offset) + MARK).toString('base64');
    return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + MARK.length) * 8) / 6));
  }),
];

/** Fails if a text holds a canary or a part of one. */
export function expectNoCanary(text: string, where: string): void {
  for (const trace of TRACES) {
    const at = text.indexOf(trace);
    expect(at < 0 ? '' : text.slice(Math.max(0, at - 60), at + 60), where).toBe('');
  }
}

/** Fails if a file below a directory holds a canary, in its content, packed or not, or in its name. Returns how many there are. */
export async function expectNoCanaryInFiles(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    expectNoCanary(name, 'a file name');
    const path = join(parentPath, name);
    const bytes = await readFile(path);
    for (const content of [bytes, unpacked(bytes)]) expectNoCanary(content.toString('latin1'), path);
  }
  return files.length;
}

function unpacked(bytes: Buffer): Buffer {
  for (const unpack of [gunzipSync, zstdDecompressSync]) {
    try {
      return unpack(bytes);
    } catch {}
  }
  return bytes;
}
