import { InvalidOptionError } from '../errors.ts';
import { registerSecret } from '../redact.ts';

/**
 * The key in an environment variable. An option names the variable: a key as an option would show up in process lists
 * and in shell histories.
 *
 * @param option The option's name, without dashes.
 * @returns undefined if the option is not given.
 * @throws InvalidOptionError if the variable is not set.
 */
export function readKey(option: string, variable: string | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const key = process.env[variable];
  if (key) return key;
  // Whoever passes the key itself should not see it in the error.
  if (!/^[A-Z_][A-Z0-9_]*$/.test(variable)) registerSecret(variable);
  throw new InvalidOptionError(option, 'the name of an environment variable that is set', variable);
}
