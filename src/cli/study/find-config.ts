import { existsSync } from 'node:fs';
import type { AloeConfig } from '../../config/config.ts';
import { isModule, readConfig } from '../../config/read-config.ts';
import { InvalidOptionError } from '../../errors.ts';
import { keyDestinations } from './key-destinations.ts';
import { isTrusted } from './trusted-configs.ts';

/** Where a config file is looked for, in this order. */
export const CONFIG_FILES = [
  'aloe.config.yaml',
  'aloe.config.yml',
  'aloe.config.json',
  'aloe.config.ts',
  'aloe.config.mts',
  'aloe.config.js',
  'aloe.config.mjs',
] as const;

/** A config, and the file it is from. */
export interface FoundConfig {
  readonly config: AloeConfig;
  /** Null if there is none. */
  readonly path: string | null;
}

/**
 * The config that `--config` or `ALOE_CONFIG` names, else the one in this directory, else an empty one. A config that is code
 * runs only if it was named, or if `aloe init` made it here. So is one that sends a key to an address of its own: a directory
 * from elsewhere may bring a config along.
 *
 * @throws InvalidFileError if it cannot be read or is not a config; InvalidOptionError if there are several, or it is code that
 * nobody named, or sends a key.
 */
export async function findConfig(given: string | undefined): Promise<FoundConfig> {
  const named = given ?? (process.env.ALOE_CONFIG || undefined);
  if (named !== undefined) return { config: await readConfig(named), path: named };
  const [path, other] = CONFIG_FILES.filter((name) => existsSync(name));
  if (path === undefined) return { config: {}, path: null };
  if (other !== undefined) {
    throw new InvalidOptionError(`There are two config files, ${path} and ${other}.`, {
      hint: 'Remove one, or name one with --config.',
    });
  }
  if (isModule(path) && !(await isTrusted(path))) {
    throw new InvalidOptionError(`${path} is code, and was not made by \`aloe init\` here.`, {
      hint: `If you trust it, name it: --config ${path}`,
    });
  }
  const config = await readConfig(path);
  const [sent] = keyDestinations(config);
  if (sent !== undefined && !(await isTrusted(path))) {
    throw new InvalidOptionError(
      `${path} sends the key in ${sent.keyEnv} to ${sent.host}, and was not made by \`aloe init\` here.`,
      { hint: `If that is right, name it: --config ${path}` },
    );
  }
  return { config, path };
}
