import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { childSeed, type Random, sample, seededRandom } from '../internal/random.ts';
import type { Rule } from '../personas/rules/persona-rule.ts';
import type { BenchmarkCase } from './benchmark-case.ts';
import type { CaseSituation } from './situation.ts';
import file from './situations.json' with { type: 'json' };

/** Options of {@link situationCases}. */
export interface SituationCasesOptions {
  /** Random seed: decides who is in which situation when. A whole number from 0. Default 0. */
  readonly seed?: number | undefined;
  /** Chance that the situation changes at a turn, for each turn from the second on, 0 to 1. Default 0.3. */
  readonly change?: number | undefined;
  /** Last turn at which it may change, from 1. Fewer turns change nothing about the earlier ones. Default 10. */
  readonly turns?: number | undefined;
}

/** A situation with several ways to put it in words. */
interface WordedSituation {
  readonly name: string;
  readonly texts: readonly string[];
  readonly trait: string;
  readonly rule: Rule;
}

// To TypeScript the kinds in the file are plain strings. A test checks the file. The two of a pair want the opposite.
export const situationPairs = file as readonly (readonly WordedSituation[])[];

/**
 * The same cases with users whose preferences depend on the situation. Each user is in one of two situations that want the
 * opposite, such as in a hurry (one line) and at leisure (a long reply), and changes between them at turns drawn by the
 * seed. The four pairs are about length, mood, advice and questions. Ids end in `-situations`.
 *
 * The role-player is told the situation. Judges and the baselines that are told a persona get it as it is in the
 * situation. Personas with rules get a rule in the situation, in place of one of its kind.
 *
 * @example
 * ```ts
 * import { aloeCases } from 'aloe-align';
 * import { situationCases } from 'aloe-align/benchmark';
 *
 * const cases = situationCases(aloeCases(), { seed: 7 });
 * ```
 *
 * @throws InvalidOptionError for an option out of range, and for a case that already has situations or a drift.
 */
export function situationCases(
  cases: readonly BenchmarkCase[],
  options: SituationCasesOptions = {},
): BenchmarkCase[] {
  checkKnownOptions<SituationCasesOptions>('situationCases()', options, {
    seed: true,
    change: true,
    turns: true,
  });
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });
  const change = checkNumber('change', options.change ?? 0.3, { min: 0, max: 1 });
  const turns = checkNumber('turns', options.turns ?? 10, { min: 1, integer: true });
  return cases.map((benchmarkCase) => {
    const { id, drift, situations } = benchmarkCase;
    if (drift !== undefined || situations !== undefined) {
      throw new InvalidOptionError('cases', 'cases without a drift or situations', id);
    }
    const random = seededRandom(childSeed(seed, 'situations', id));
    return { ...benchmarkCase, id: `${id}-situations`, situations: drawSituations(random, change, turns) };
  });
}

function drawSituations(random: Random, change: number, turns: number): CaseSituation[] {
  const [pair] = sample(situationPairs, 1, random);
  let side = random() < 0.5 ? 0 : 1;
  const drawn: CaseSituation[] = [];
  for (let turn = 1; turn <= turns; turn++) {
    if (turn > 1) {
      if (random() >= change) continue;
      side = 1 - side;
    }
    const { texts, ...situation } = pair![side]!;
    drawn.push({ turn, ...situation, text: sample(texts, 1, random)[0]! });
  }
  return drawn;
}
