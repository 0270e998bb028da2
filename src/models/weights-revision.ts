import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { sampleFile } from '../internal/file-sample.ts';
import { sha256 } from '../internal/hash.ts';

const WEIGHTS = /\.(?:safetensors|bin|pt|gguf)$/;

/** A revision for the weights in a directory, which changes when they do. Undefined for anything else. */
export function weightsRevision(dir: string): string | undefined {
  if (!stat(dir)?.isDirectory()) return undefined;
  const names = readdirSync(dir)
    // What no server reads may change: a card, a file that a file manager leaves.
    .filter((name) => !/^\.|\.md$/.test(name) && stat(join(dir, name))?.isFile())
    .sort();
  // Another directory may have the model's name by chance.
  if (!names.includes('config.json') || !names.some((name) => WEIGHTS.test(name))) return undefined;
  return sha256(names.map((name) => `${name}:${sampleFile(join(dir, name))}`).join('\n')).slice(0, 8);
}

/** Undefined for what is not there, a broken link included. */
function stat(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
