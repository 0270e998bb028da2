import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import { describeGaps } from '../evaluation/score-gaps.ts';
import type { Standing } from './rank-evaluations.ts';

/** What a reader should know before any number: scores that are missing and why, and settings that differ. */
export function collectWarnings(
  standings: readonly Standing[],
  comparisons: readonly EvaluationComparison[],
): string[] {
  return [
    ...standings.flatMap(({ evaluation, problem }) => {
      const { name } = evaluation.candidate;
      // The first line that is not empty has the counts; each failure stands in its own conversation.
      const gaps = describeGaps(evaluation).find((line) => line !== '');
      return [
        ...(problem === null ? [] : [`${name} is not compared with the best. ${problem}`]),
        ...(gaps === undefined ? [] : [`${name}: ${gaps}`]),
      ];
    }),
    ...comparisons.flatMap(({ first, second, warnings }) =>
      warnings.map((warning) => `${second} and ${first}: ${warning}`),
    ),
  ];
}
