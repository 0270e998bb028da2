import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import { dropoutWarning } from '../evaluation/describe-dropout.ts';
import { describeMissing } from '../evaluation/missing-scores.ts';
import type { Standing } from './rank-evaluations.ts';

/** What to know before reading any number: missing scores and why, and settings that differ. */
export function collectWarnings(
  standings: readonly Standing[],
  comparisons: readonly EvaluationComparison[],
): string[] {
  return [
    ...standings.flatMap(({ evaluation, problem }) => {
      const { name } = evaluation.candidate;
      const dropout = dropoutWarning(evaluation);
      const notes = [...describeMissing(evaluation), ...(dropout === null ? [] : [dropout])];
      return [
        ...(problem === null ? [] : [`${name} could not be compared with the best candidate. ${problem}`]),
        ...notes.map((note) => `${name}: ${note}`),
      ];
    }),
    ...comparisons.flatMap(({ first, second, warnings }) =>
      warnings.map((warning) => `${second} vs. ${first}: ${warning}`),
    ),
  ];
}
