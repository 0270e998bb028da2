import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { isThisMachine } from '../http/this-machine.ts';
import { sampleFile } from '../internal/file-sample.ts';
import { sha256 } from '../internal/hash.ts';

const WEIGHTS = /\.(?:safetensors|bin|pt|gguf)$/;

/**
 * A revision for a model that a server on this machine serves from a directory, under the directory's path as its name, as
 * `transformers serve` and `vllm serve` do. It changes when the weights do. Undefined for all other models.
 */
export function revisionOfDirectory(model: string, baseUrl: string | undefined): string | undefined {
  const url = baseUrl ?? process.env.OPENAI_BASE_URL ?? '';
  if (!URL.canParse(url) || !isThisMachine(new URL(url).hostname)) return undefined;
  if (!stat(model)?.isDirectory()) return undefined;
  const names = readdirSync(model)
    // What no server reads may change: a card, a file that a file manager leaves.
    .filter((name) => !/^\.|\.md$/.test(name) && stat(join(model, name))?.isFile())
    .sort();
  // Another directory may have the model's name by chance.
  if (!names.includes('config.json') || !names.some((name) => WEIGHTS.test(name))) return undefined;
  return sha256(names.map((name) => `${name}:${sampleFile(join(model, name))}`).join('\n')).slice(0, 8);
}

/** Undefined for what is not there, a broken link included. */
function stat(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
