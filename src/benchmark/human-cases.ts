import { checkHabitShares, drawHabits, type HabitShares } from '../conversations/behaviour/habits.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { childSeed } from '../internal/random.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/** Options of {@link humanCases}. */
export interface HumanCasesOptions {
  /** Random seed: decides who has which habits. A whole number from 0. Default 0. */
  readonly seed?: number | undefined;
  /** The chance of each habit. Default 0.3 for all. */
  readonly share?: HabitShares | undefined;
}

/**
 * The same cases with users who behave as people do: some have a bad day, or are excited; some leave typos in, are impatient,
 * or say that a short answer will do and want a full one. Drawn by the id of each case. Ids of cases with a habit end in
 * `-human`; the others stay as they are.
 *
 * @example
 * ```ts
 * import { aloeCases } from 'aloe-align';
 * import { humanCases } from 'aloe-align/benchmark';
 *
 * const cases = humanCases(aloeCases(), { seed: 7, share: { typos: 0.5, impatient: 0.2 } });
 * ```
 *
 * @throws InvalidOptionError for an option out of range, and for a case that already has habits or a drift.
 */
export function humanCases(
  cases: readonly BenchmarkCase[],
  options: HumanCasesOptions = {},
): BenchmarkCase[] {
  checkKnownOptions<HumanCasesOptions>('humanCases()', options, { seed: true, share: true });
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });
  const shares = checkHabitShares(options.share ?? 0.3, 'share');
  return cases.map((benchmarkCase) => {
    const { id, persona, drift, habits: given } = benchmarkCase;
    // What a habit may be depends on the personality, which a drift changes.
    if (given !== undefined || drift !== undefined) {
      throw new InvalidOptionError('cases', 'cases without habits or a drift', id);
    }
    const habits = drawHabits(persona, shares, childSeed(seed, 'habits', id));
    return habits.length === 0 ? benchmarkCase : { ...benchmarkCase, id: `${id}-human`, habits };
  });
}
