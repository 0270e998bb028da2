import { isBasisNote } from '../evaluation/describe/describe-comparison-coverage.ts';
import { missingWarnings } from '../evaluation/describe/describe-missing-scores.ts';
import { describeAliasChanges } from '../evaluation/describe/describe-served.ts';
import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { Standing } from './rank-evaluations.ts';

/** What to know about each candidate before reading its numbers: missing scores and why, empty responses, changed models. */
export function candidateWarnings(standings: readonly Standing[]): string[] {
  return standings.flatMap(({ evaluation }) => [
    ...missingWarnings(evaluation).map((note) => `${evaluation.candidate.name}: ${note}`),
    ...describeAliasChanges(evaluation),
  ]);
}

/**
 * What to know before comparing: candidates that cannot be compared, settings that differ, scores not missing at random. On
 * how many responses comparisons rest is in the headline and in their table.
 */
export function comparisonWarnings(
  standings: readonly Standing[],
  comparisons: readonly EvaluationComparison[],
): string[] {
  const evaluations = standings.map(({ evaluation }) => evaluation);
  return [
    ...standings.flatMap(({ evaluation, problem }) =>
      problem === null
        ? []
        : [`${evaluation.candidate.name} could not be compared with the best candidate. ${problem}`],
    ),
    ...comparisons.flatMap((comparison) =>
      warningsOf(comparison, evaluations).map(
        (warning) => `${comparison.first} and ${comparison.second}: ${warning}`,
      ),
    ),
  ];
}

/** The warnings that concern a comparison, and not one of its candidates alone. */
export function warningsOf(
  { warnings }: EvaluationComparison,
  evaluations: readonly EvaluationResult[],
): string[] {
  const changes = evaluations.flatMap(describeAliasChanges);
  return warnings.filter((warning) => !changes.includes(warning) && !isBasisNote(warning));
}
