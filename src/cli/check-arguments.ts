import type { ArgsDef } from 'citty';
import { InvalidOptionError } from '../errors.ts';

/**
 * Refuses what the parser lets through: an option nobody knows, with which the command would run on its defaults, an
 * option without its value, and loose words.
 *
 * @throws InvalidOptionError naming what is wrong.
 */
export function checkArguments(
  args: Readonly<Record<string, unknown>> & { readonly _: readonly string[] },
  definition: ArgsDef,
): void {
  const known = Object.keys(definition);
  for (const [name, value] of Object.entries(args)) {
    if (name === '_') continue;
    if (!known.includes(toKebabCase(name))) {
      const names = known.map((option) => `--${option}`).join(', ');
      throw new InvalidOptionError('command line', `one of ${names}`, `--${name}`);
    }
    if (value === '') throw new InvalidOptionError(name, 'a value', value);
  }
  const [word] = args._;
  if (word !== undefined) throw new InvalidOptionError('command line', 'options only', word);
}

/** The parser gives an option of several words in both spellings. */
function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
