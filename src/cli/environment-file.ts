import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { InvalidFileError } from '../errors.ts';
import { unreadable } from '../internal/unreadable.ts';

/** Variables that a `.env` file may set. None of them names code that would run. */
const ALLOWED = /^(?:OPENAI_BASE_URL|ALOE_MODELS_DIR|\w+_API_KEY|\w+_TOKEN)$/;

/**
 * Reads `.env` in the current directory into the environment. Variables that are set already stay, and all but keys
 * and addresses of models are left alone. A directory of that name, such as a Python environment, is ignored.
 *
 * @throws InvalidFileError if it cannot be read, or would send a key of yours to an address that only it names.
 */
export function readEnvironmentFile(path = '.env'): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return;
  const given = parseEnv(readText(path));
  const { OPENAI_BASE_URL: address, OPENAI_API_KEY: key } = given;
  // A directory from elsewhere may bring its own .env.
  if (address && !process.env.OPENAI_BASE_URL && !key && process.env.OPENAI_API_KEY) {
    throw new InvalidFileError(
      path,
      'sets OPENAI_BASE_URL but no OPENAI_API_KEY, so the key of your environment would go to that address.',
      { hint: 'Set the key in the same file, or the address in your environment.' },
    );
  }
  for (const [name, value] of Object.entries(given)) {
    if (ALLOWED.test(name) && value !== undefined) process.env[name] ??= value;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}
