import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';

/** How many of the last turns each side sees, including the current one. Default: all. */
export interface ShownTurnsOptions {
  /** For the simulated user. */
  readonly user?: number | undefined;
  /** For the candidate. */
  readonly candidate?: number | undefined;
}

/** {@link ShownTurnsOptions} with defaults applied; `Infinity` for all turns. */
export interface ShownTurns {
  readonly user: number;
  readonly candidate: number;
}

/** @throws InvalidOptionError if a number of turns is not an integer of at least 1. */
export function checkShownTurns(options: ShownTurnsOptions = {}): ShownTurns {
  checkKnownOptions('shownTurns', options, { user: true, candidate: true });
  const { user, candidate } = options;
  const check = (role: string, value = Infinity) =>
    value === Infinity ? value : checkNumber(`shownTurns.${role}`, value, { min: 1, integer: true });
  return { user: check('user', user), candidate: check('candidate', candidate) };
}
