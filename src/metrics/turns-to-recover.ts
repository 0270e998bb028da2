import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { checkLevels } from './check-levels.ts';
import { mean } from './mean.ts';

/** Options of {@link turnsToRecover}. */
export interface RecoveryOptions {
  /** How far below the earlier mean still counts as recovered, in points of the scale; at least 0. Default 0.5. */
  readonly tolerance?: number | undefined;
  /** Scored turns in a row that must be recovered. More than 1 keeps a lucky turn from counting. Default 1. */
  readonly sustained?: number | undefined;
}

/**
 * How many turns the levels take to recover after the user changes (drift).
 *
 * A turn is recovered if its level is at least the mean level before the drift minus `tolerance`. The result is the
 * distance from the drift to the first of `sustained` recovered turns in a row; turns without a score do not interrupt
 * the row. 0 means that nothing was lost.
 *
 * @param levels one level or score per turn, null where there is none: mean levels or the scores of one case.
 * @param driftTurn the first turn after the change, counted from 1; at least 2, at most the number of turns.
 * @param options `tolerance` (0.5) and `sustained` (1).
 * @returns turns from the drift; null if the levels never recover, or if no turn before the drift has a level.
 * @throws InvalidOptionError if `levels` is empty or holds anything but finite numbers and null, or if `driftTurn` or an
 * option is out of range.
 *
 * @example
 * ```ts
 * turnsToRecover([4, 4, 2, 3, 3.5, 4], 3); // 2
 * ```
 */
export function turnsToRecover(
  levels: readonly (number | null)[],
  driftTurn: number,
  options: RecoveryOptions = {},
): number | null {
  checkKnownOptions<RecoveryOptions>('turnsToRecover()', options, { tolerance: true, sustained: true });
  const { tolerance = 0.5, sustained = 1 } = options;
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
