import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidOptionError } from '../errors.ts';
import { holdsKey } from '../redact.ts';
import type { HubFile } from './list-files.ts';

/** Weights and compressed columns cannot be read as text, and vocabularies are lists of anything. */
const NOT_TEXT =
  /\.(?:safetensors|bin|pt|pth|gguf|parquet|arrow|model|msgpack|npz)$|(?:^|\/)(?:tokenizer\.json|vocab\.\w+|merges\.txt)$/;

/** The first line of a private key in its usual form, whose secret is in the lines after it. */
const PRIVATE_KEY_BEGINS = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----\s*$/;

/**
 * Looks for API keys in the files that are text.
 *
 * @throws InvalidOptionError naming the first file and line that holds one.
 */
export async function checkNoSecrets(dir: string, files: readonly HubFile[]): Promise<void> {
  for (const { path } of files) {
    if (NOT_TEXT.test(path)) continue;
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(join(dir, path)) })) {
      number += 1;
      if (holdsKey(line) || PRIVATE_KEY_BEGINS.test(line)) refuse(`line ${number} of ${path}`);
    }
  }
}

/** @throws InvalidOptionError if a text of the caller holds a key. */
export function checkNoSecretIn(text: string, what: string): void {
  if (holdsKey(text)) refuse(what);
}

function refuse(where: string): never {
  throw new InvalidOptionError(`Nothing was pushed: ${where} holds what looks like an API key.`, {
    hint: 'Remove it and revoke the key if it is real. If it is none, pass allowSecrets: true.',
  });
}
