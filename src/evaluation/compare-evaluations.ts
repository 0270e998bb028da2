import { InvalidOptionError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import { comparePaired, type PairedEstimate, type ResamplingOptions } from '../metrics/index.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { clusterLabels } from './evaluation-statistics.ts';
import { describeLockDifferences } from './lock-differences.ts';
import { scoreMatrix } from './summarize.ts';

/** The difference at one turn, over the cases that both sides have a score for. */
export interface TurnDifference extends PairedEstimate {
  /** From 1. */
  readonly turn: number;
}

/**
 * Two candidates on the same cases. Differences are second minus first: above 0, the second did better. `difference` is
 * that of the averages: the mean of the differences by turn; null when no turn was scored on both sides.
 */
export interface EvaluationComparison extends PairedEstimate {
  readonly first: string;
  readonly second: string;
  /** Standard deviation of the case differences: `casesNeeded` takes it. */
  readonly deviation: number | null;
  /** Cases in which the second did better, as well, and worse. */
  readonly better: number;
  readonly equal: number;
  readonly worse: number;
  readonly byTurn: readonly TurnDifference[];
  /** Difference of IR. */
  readonly improvementRate: PairedEstimate;
  /** Cases without any turn that was scored on both sides: they are in none of the numbers. */
  readonly unscoredCases: readonly string[];
  /** What else differs between the two besides the candidate, in words, and what may still be compared. */
  readonly warnings: readonly string[];
}

/**
 * Compares two candidates case by case. Only turns that both have a score for are counted, so a failure on one side
 * moves nothing. The seed of the first is that of intervals and p-values unless the options have another.
 *
 * @throws InvalidOptionError when the results are not over the same cases and number of turns, naming the difference;
 * for options out of range.
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
