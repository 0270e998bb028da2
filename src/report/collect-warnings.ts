import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import { dropoutWarning } from '../evaluation/describe-dropout.ts';
import { describeAliasChanges } from '../evaluation/describe-served.ts';
import { describeMissing } from '../evaluation/missing-scores.ts';
import type { Standing } from './rank-evaluations.ts';

/** What to know about each candidate before reading its numbers: missing scores and why, empty responses, changed models. */
export function candidateWarnings(standings: readonly Standing[]): string[] {
  return standings.flatMap(({ evaluation }) => {
    const dropout = dropoutWarning(evaluation);
    const notes = [...describeMissing(evaluation), ...(dropout === null ? [] : [dropout])];
    return [
      ...notes.map((note) => `${evaluation.candidate.name}: ${note}`),
      ...describeAliasChanges(evaluation),
    ];
  });
}

/** What to know before comparing: candidates that cannot be compared, settings that differ, responses left out. */
export function comparisonWarnings(
  standings: readonly Standing[],
  comparisons: readonly EvaluationComparison[],
): string[] {
  const changes = standings.flatMap(({ evaluation }) => describeAliasChanges(evaluation));
  return [
    ...standings.flatMap(({ evaluation, problem }) =>
      problem === null
        ? []
        : [`${evaluation.candidate.name} could not be compared with the best candidate. ${problem}`],
    ),
    ...comparisons.flatMap(({ first, second, warnings }) =>
      warnings
        .filter((warning) => !changes.includes(warning))
        .map((warning) => `${second} vs. ${first}: ${warning}`),
    ),
  ];
}
