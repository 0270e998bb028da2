import { InvalidOptionError } from '../errors.ts';
import { displayed } from '../internal/displayed.ts';
import { canonicalJson } from '../internal/hash.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { comparePaired, type ResamplingOptions } from '../metrics/index.ts';
import { commonScores } from './common-scores.ts';
import { compareCosts } from './costs/measure-costs.ts';
import { describeComparison } from './describe/describe-comparison.ts';
import { describeComparisonCoverage } from './describe/describe-comparison-coverage.ts';
import { describeAliasChanges, describeSameCandidate } from './describe/describe-served.ts';
import type { EvaluationComparison } from './evaluation-comparison.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { clusterLabels } from './evaluation-statistics.ts';
import { describeLockDifferences } from './lock-differences.ts';
import { isServedDifferently } from './locked-served.ts';
import { measureDropout } from './measures/dropout.ts';
import { missingScores } from './missing-scores.ts';
import { describeDifferentOthers } from './personal/describe-own-minus-other.ts';
import { compareOwnMinusOther } from './personal/own-minus-other.ts';
import { checkSameRubric } from './same-rubric.ts';

/** Options of {@link compareEvaluations}. */
export interface CompareEvaluationsOptions extends ResamplingOptions {
  /**
   * Further results. Only responses that all of them have a score for are compared, so that comparisons between several
   * candidates rest on the same responses. Default: none.
   */
  readonly among?: readonly EvaluationResult[] | undefined;
}

/** Means of votes or repeats are rounded, so equal cases may differ in their last bits. */
function signOf(difference: number): number {
  return Math.abs(difference) < 1e-9 ? 0 : Math.sign(difference);
}

/**
 * Compares two candidates case by case, repeat by repeat: a case counts with its mean over the repeats that both have. Only
 * responses that both have a score for count, so a failure on one side does not
 * bias the difference; `coverage` and `warnings` say how many are left out, and why. Intervals and p-values use the seed of
 * the first result by default.
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
 * @throws InvalidOptionError if the cases, the number of turns or the judge's rubric differ, or an option is out of range.
 */
export function compareEvaluations(
  first: EvaluationResult,
  second: EvaluationResult,
  options: CompareEvaluationsOptions = {},
): EvaluationComparison {
  checkKnownOptions<CompareEvaluationsOptions>('compareEvaluations()', options, {
    among: true,
    seed: true,
    resamples: true,
    confidence: true,
  });
  const { among = [], ...given } = options;
  checkEvaluation('first', first);
  checkEvaluation('second', second);
  checkSameRubric([first, second, ...among], 'second');
  const common = commonScores([first, second, ...among]);
  const { turns, seed } = first.lock;
  const resampling = { seed, ...given };
  const [own, partners] = [common.played[0]!, common.played[1]!];
  const { average, levels, improvementRate, caseDifferences, deviation } = comparePaired(
    common.tables[0]!,
    common.tables[1]!,
    { ...resampling, ...clusterLabels(common.people) },
  );
  const coverage = {
    compared: common.responses,
    asked: common.asked,
    first: missingScores(first),
    second: missingScores(second),
  };
  const [scores, otherScores] = [common.simulations[0]!, common.simulations[1]!];
  const differences = scores.map((row, place) =>
    row.map((score, turn) => (score === null ? null : otherScores[place]![turn]! - score)),
  );
  const dropout = measureDropout(own, differences, first.lock.seed);
  const count = (sign: number) =>
    caseDifferences.filter((value) => value !== null && signOf(value) === sign).length;
  const comparison: EvaluationComparison = {
    first: first.candidate.name,
    second: second.candidate.name,
    ...average,
    deviation,
    better: count(1),
    equal: count(0),
    worse: count(-1),
    byTurn: levels.map((level, index) => ({ turn: index + 1, ...level })),
    improvementRate,
    ownMinusOther: compareOwnMinusOther(own, partners, { ...resampling, turns }),
    costs: compareCosts(own, partners, {
      ...resampling,
      turns,
      isSameJudge: isSameCostJudge(first, second),
    }),
    unscoredCases: common.people
      .filter((_, index) => caseDifferences[index] === null)
      .map(({ caseId }) => caseId),
    coverage,
    dropout,
    warnings: [
      ...describeLockDifferences(first.lock, second.lock),
      ...describeDifferentOthers(own, partners),
      ...describeSameCandidate(first, second),
      ...[first, second].flatMap(describeAliasChanges),
      ...describeComparisonCoverage(common, first, second, dropout),
    ],
  };
  return displayed(comparison, describeComparison);
}

/** By id and prompt, and by what the servers report. */
function isSameCostJudge(first: EvaluationResult, second: EvaluationResult): boolean {
  return (
    canonicalJson(first.costJudge) === canonicalJson(second.costJudge) &&
    !isServedDifferently(first.served?.costJudge, second.served?.costJudge)
  );
}

function checkEvaluation(option: string, value: EvaluationResult): void {
  const { cases, lock, candidate }: Partial<EvaluationResult> = value ?? {};
  if (Array.isArray(cases) && lock !== undefined && candidate !== undefined) return;
  throw new InvalidOptionError(option, 'an evaluation, as evaluate() or readEvaluation() returns', value);
}
