import { join, resolve } from 'node:path';
import * as z from 'zod';
import { readJsonFileIfThere } from '../../internal/json-file.ts';
import { userCacheDir } from '../../internal/user-cache-dir.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';

const schema: z.ZodType<readonly string[]> = z.array(z.string());

const EXPECTED = { what: 'a list of paths', hint: 'Remove it, and name the config with --config.' };

function listPath(): string {
  return join(userCacheDir(), 'aloe-align', 'trusted-configs.json');
}

async function trusted(): Promise<readonly string[]> {
  return (await readJsonFileIfThere(listPath(), schema, EXPECTED)) ?? [];
}

/** Whether `aloe init` made this config file, so that it may run code or send keys without being named. */
export async function isTrusted(path: string): Promise<boolean> {
  return (await trusted()).includes(resolve(path));
}

/** Lets a config file run code or send keys without being named. */
export async function trustConfig(path: string): Promise<void> {
  const known = (await trusted()).filter((other) => other !== resolve(path));
  await writeFileAtomic(listPath(), `${JSON.stringify([...known, resolve(path)], null, 2)}\n`);
}
