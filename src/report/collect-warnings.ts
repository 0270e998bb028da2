import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import { describeAliasChanges } from '../evaluation/describe-served.ts';
import { describeGaps } from '../evaluation/score-gaps.ts';
import type { Standing } from './rank-evaluations.ts';

/** What to know before reading any number: missing scores and why, and settings that differ. */
export function collectWarnings(
  standings: readonly Standing[],
  comparisons: readonly EvaluationComparison[],
): string[] {
  const changes = standings.flatMap(({ evaluation }) => describeAliasChanges(evaluation));
  return [
    ...standings.flatMap(({ evaluation, problem }) => {
      const { name } = evaluation.candidate;
      // Only the counts, which are the first non-empty line: failures are shown in their conversations.
      const gaps = describeGaps(evaluation).find((line) => line !== '');
      return [
        ...(problem === null ? [] : [`${name} could not be compared with the best candidate. ${problem}`]),
        ...(gaps === undefined ? [] : [`${name}: ${gaps}`]),
      ];
    }),
    ...changes,
    ...comparisons.flatMap(({ first, second, warnings }) =>
      warnings
        .filter((warning) => !changes.includes(warning))
        .map((warning) => `${second} vs. ${first}: ${warning}`),
    ),
  ];
}
