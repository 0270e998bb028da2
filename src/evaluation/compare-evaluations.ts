import { InvalidOptionError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import { comparePaired, type PairedEstimate, type ResamplingOptions } from '../metrics/index.ts';
import { type CostDifference, compareCosts } from './costs/measure-costs.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { clusterLabels } from './evaluation-statistics.ts';
import { describeLockDifferences } from './lock-differences.ts';
import { compareOwnMinusOther } from './personal/own-minus-other.ts';
import { scoreMatrix } from './summarize.ts';

/** The difference in AL(k) at one turn, over the cases that both sides have a score for. */
export interface TurnDifference extends PairedEstimate {
  /** From 1. */
  readonly turn: number;
}

/**
 * A paired comparison of two candidates on the same cases. Differences are second minus first, so a positive value
 * favours the second. `difference` is the mean of the differences by turn; null if no turn was scored on both sides.
 */
export interface EvaluationComparison extends PairedEstimate {
  /** Name of the first candidate. */
  readonly first: string;
  /** Name of the second candidate. */
  readonly second: string;
  /** Standard deviation of the differences by case, the input of `casesNeeded`. Null with too few cases. */
  readonly deviation: number | null;
  /** Number of cases in which the second did better. */
  readonly better: number;
  /** Number of cases with a difference of 0. */
  readonly equal: number;
  /** Number of cases in which the second did worse. */
  readonly worse: number;
  /** One entry per turn, in order. */
  readonly byTurn: readonly TurnDifference[];
  /** Difference in IR. */
  readonly improvementRate: PairedEstimate;
  /**
   * Difference in own minus other, over the cases that both were judged for the same other persona. Null unless both were
   * judged for other personas.
   */
  readonly ownMinusOther: PairedEstimate | null;
  /** Differences in what alignment cost, for each measure that both have. Those of a judge only if it is the same. */
  readonly costs: readonly CostDifference[];
  /** Ids of cases in which no turn was scored on both sides. They are excluded from all numbers. */
  readonly unscoredCases: readonly string[];
  /** How the two locks differ, and what can still be compared. Empty if only the candidate differs. */
  readonly warnings: readonly string[];
}

/**
 * Compares two candidates case by case. Only turns that both have a score for count, so a failure on one side does not
 * bias the difference. Intervals and p-values use the seed of the first result by default.
 *
 * @example
 * ```ts
 * import { compareEvaluations, readEvaluation } from 'aloe-align';
 *
 * const base = await readEvaluation('base.json');
 * const tuned = await readEvaluation('tuned.json');
 * const { difference, interval, pValue } = compareEvaluations(base, tuned); // above 0: tuned is better
 * ```
 *
 * @throws InvalidOptionError if the cases or the number of turns differ, or an option is out of range.
 */
export function compareEvaluations(
  first: EvaluationResult,
  second: EvaluationResult,
  options: ResamplingOptions = {},
): EvaluationComparison {
  const partners = matchCases(first, second);
  const { turns, seed } = first.lock;
  const { average, levels, improvementRate, caseDifferences, deviation } = comparePaired(
    scoreMatrix(first.cases, turns),
    scoreMatrix(partners, turns),
    { seed, ...options, ...clusterLabels(first.cases) },
  );
  const count = (sign: number) =>
    caseDifferences.filter((value) => value !== null && Math.sign(value) === sign).length;
  return {
    first: first.candidate.name,
    second: second.candidate.name,
    ...average,
    deviation,
    better: count(1),
    equal: count(0),
    worse: count(-1),
    byTurn: levels.map((level, index) => ({ turn: index + 1, ...level })),
    improvementRate,
    ownMinusOther: compareOwnMinusOther(first.cases, partners, { turns, seed, ...options }),
    costs: compareCosts(first.cases, partners, {
      turns,
      seed,
      ...options,
      isSameJudge: canonicalJson(first.costJudge) === canonicalJson(second.costJudge),
    }),
    unscoredCases: first.cases
      .filter((_, index) => caseDifferences[index] === null)
      .map(({ caseId }) => caseId),
    warnings: describeLockDifferences(first.lock, second.lock),
  };
}

/** The second's cases in the order of the first's. */
function matchCases(first: EvaluationResult, second: EvaluationResult): EvaluatedCase[] {
  const got = second.candidate.name;
  const [turns, others] = [first.lock.turns, second.lock.turns];
  if (turns !== others) {
    throw new InvalidOptionError('second', `${turns} turns, as in the first (it has ${others})`, got);
  }
  const byId = new Map(second.cases.map((played) => [played.caseId, played]));
  const own = new Set(first.cases.map(({ caseId }) => caseId));
  const missing = [...own].filter((id) => !byId.has(id));
  const extra = [...byId.keys()].filter((id) => !own.has(id));
  if (missing.length + extra.length > 0) {
    const difference = `missing: ${some(missing)}; extra: ${some(extra)}`;
    throw new InvalidOptionError('second', `the same cases as the first (${difference})`, got);
  }
  return first.cases.map(({ caseId, persona }) => {
    const partner = byId.get(caseId)!;
    if (canonicalJson(partner.persona) !== canonicalJson(persona)) {
      throw new InvalidOptionError('second', `the same persona for case ${caseId} as the first`, got);
    }
    return partner;
  });
}

function some(ids: readonly string[]): string {
  if (ids.length === 0) return 'none';
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
}
