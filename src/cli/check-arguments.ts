import type { ArgsDef } from 'citty';
import { InvalidOptionError } from '../errors.ts';
import { nearest } from '../internal/nearest.ts';

/**
 * Rejects what citty lets through: unknown options (a typo would silently run with the defaults), options without a value,
 * and stray arguments.
 *
 * @throws InvalidOptionError for the first of them.
 */
export function checkArguments(
  args: Readonly<Record<string, unknown>> & { readonly _: readonly string[] },
  definition: ArgsDef,
): void {
  const known = Object.keys(definition);
  for (const [name, value] of Object.entries(args)) {
    if (name === '_') continue;
    if (!known.includes(toKebabCase(name))) {
      const meant = nearest(name, known, Math.ceil(name.length / 2));
      const names = known.map((option) => `--${option}`).join(', ');
      const hint = meant === undefined ? `The options are ${names}.` : `Did you mean "--${meant}"?`;
      throw new InvalidOptionError(`There is no option "--${name}".`, { hint });
    }
    if (value === '') throw new InvalidOptionError(name, 'a value', value);
  }
  const [word] = args._;
  if (word !== undefined)
    throw new InvalidOptionError(`Unexpected argument "${word}".`, { hint: 'Options begin with --.' });
}

/** citty reports `--models-dir` under both spellings, `models-dir` and `modelsDir`. */
function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
