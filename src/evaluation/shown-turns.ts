import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';

/** How many of the last turns of a long conversation each side is shown, this one included. Default: all of them. */
export interface ShownTurnsOptions {
  readonly user?: number | undefined;
  readonly candidate?: number | undefined;
}

/** {@link ShownTurnsOptions} with their defaults; `Infinity` for all. */
export interface ShownTurns {
  readonly user: number;
  readonly candidate: number;
}

/** @throws InvalidOptionError for numbers of turns out of range. */
export function checkShownTurns(options: ShownTurnsOptions = {}): ShownTurns {
  checkKnownOptions('shownTurns', options, { user: true, candidate: true });
  const { user, candidate } = options;
  const check = (role: string, value = Infinity) =>
    value === Infinity ? value : checkNumber(`shownTurns.${role}`, value, { min: 1, integer: true });
  return { user: check('user', user), candidate: check('candidate', candidate) };
}
