import { InvalidOptionError } from '../errors.ts';
import { nearest } from '../internal/nearest.ts';

/**
 * Refuses unknown option names. TypeScript does this at compile time; plain JavaScript would ignore a typo and use the
 * default.
 *
 * @param owner the function that takes the options, as in `local()`.
 * @param known every option, by name; the type keeps the list complete.
 * @throws InvalidOptionError naming the unknown option and the nearest known one.
 */
export function checkKnownOptions<Options extends object>(
  owner: string,
  options: Options,
  known: Readonly<Record<keyof Options, true>>,
): void {
  const names = Object.keys(known);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new InvalidOptionError(name, `an option of ${owner}`, name, {
      hint: `Did you mean "${nearest(name, names)}"?`,
    });
  }
}
