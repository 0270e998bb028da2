import { checkNumber } from '../internal/options.ts';
import { checkLevels } from './check-levels.ts';
import { mean } from './mean.ts';

export interface RecoveryOptions {
  /** How far below the mean of before still counts as back, in points of the scale. Default 0.5. */
  readonly tolerance?: number | undefined;
  /** How many scored turns in a row must be back. More than 1 keeps a lucky turn from counting. Default 1. */
  readonly sustained?: number | undefined;
}

/**
 * How many turns after a drift the levels are back: the distance from the drift to the first of `sustained` scored turns
 * in a row that are all at `mean of the levels before the drift - tolerance` or above. 0 when the drift turn itself is,
 * so that nothing was lost. Null when it never happens, or when no level before the drift is there to compare with.
 *
 * @param levels one level or score a turn, null where there is none; of the mean levels or of one case.
 * @param driftTurn the first turn after the change, counted from 1; at least 2, at most the number of turns.
 */
export function turnsToRecover(
  levels: readonly (number | null)[],
  driftTurn: number,
  { tolerance = 0.5, sustained = 1 }: RecoveryOptions = {},
): number | null {
  checkLevels(levels);
  checkNumber('driftTurn', driftTurn, { min: 2, max: levels.length, integer: true });
  checkNumber('tolerance', tolerance, { min: 0 });
  checkNumber('sustained', sustained, { min: 1, integer: true });
  const before = mean(levels.slice(0, driftTurn - 1));
  if (before === null) return null;
  const scored = levels
    .map((level, index) => ({ level, distance: index + 1 - driftTurn }))
    .filter((turn): turn is { level: number; distance: number } => turn.level !== null && turn.distance >= 0);
  const back = scored.findIndex((_, start) => {
    const row = scored.slice(start, start + sustained);
    return row.length === sustained && row.every(({ level }) => level >= before - tolerance);
  });
  return scored[back]?.distance ?? null;
}
