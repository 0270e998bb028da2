import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import { adjustPValues, type PairedEstimate } from '../metrics/index.ts';

/**
 * Sets the adjusted p-values of comparisons that are shown together: those of averages for each other, those of IR, and
 * those of own minus other.
 *
 * @param tests Number of tests among which they were chosen. Default: the number of comparisons.
 */
export function adjustComparisons(
  comparisons: readonly EvaluationComparison[],
  tests: number = comparisons.length,
): EvaluationComparison[] {
  const adjust = (estimateOf: (comparison: EvaluationComparison) => PairedEstimate | null) =>
    adjustPValues(
      comparisons.map((comparison) => estimateOf(comparison)?.pValue ?? null),
      { tests },
    );
  const averages = adjust((comparison) => comparison);
  const rates = adjust(({ improvementRate }) => improvementRate);
  const personal = adjust(({ ownMinusOther }) => ownMinusOther);
  return comparisons.map((comparison, index) => ({
    ...comparison,
    adjustedPValue: averages[index]!,
    improvementRate: { ...comparison.improvementRate, adjustedPValue: rates[index]! },
    ownMinusOther: comparison.ownMinusOther && {
      ...comparison.ownMinusOther,
      adjustedPValue: personal[index]!,
    },
  }));
}

/**
 * Adjusts the comparisons of a ranking. Any candidate could have come out best, so each comparison with the best was chosen
 * among all pairs.
 */
export function adjustRanking<Standing extends { readonly comparison: EvaluationComparison | null }>(
  standings: readonly Standing[],
): Standing[] {
  const comparisons = standings.flatMap(({ comparison }) => comparison ?? []);
  const tested = comparisons.filter(({ pValue }) => pValue !== null).length;
  const pairs = (tested * (tested + 1)) / 2;
  const adjusted = adjustComparisons(comparisons, pairs).values();
  return standings.map((standing) =>
    standing.comparison === null ? standing : { ...standing, comparison: adjusted.next().value! },
  );
}

/** The comparisons of a report: those that were passed, adjusted for each other, or those of the ranking. */
export function comparisonsOf(
  { comparisons }: { readonly comparisons?: readonly EvaluationComparison[] | undefined },
  standings: readonly { readonly comparison: EvaluationComparison | null }[],
): EvaluationComparison[] {
  return comparisons === undefined
    ? standings.flatMap(({ comparison }) => comparison ?? [])
    : adjustComparisons(comparisons);
}
