import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import { isLength } from '../evaluation/costs/cost-measures.ts';
import { COST_NAMES } from '../evaluation/costs/costs-table.ts';
import { formatDifference, formatPCell, formatRange } from './format-numbers.ts';

/** One line of a table of differences in costs. */
export interface CostDifferenceRow {
  readonly first: string;
  readonly second: string;
  readonly name: string;
  readonly by: string;
  /** `+4.1 words [2.0, 6.3]`, or percentage points of a share. */
  readonly difference: string;
  readonly p: string;
  /** Number of cases that both decide on. */
  readonly cases: number;
}

/** The differences in all costs, comparison by comparison. */
export function costDifferenceRows(comparisons: readonly EvaluationComparison[]): CostDifferenceRow[] {
  return comparisons.flatMap(({ first, second, costs }) =>
    costs.map(({ measure, by, difference, interval, pValue, cases }) => {
      const scale = isLength(measure) ? 1 : 100;
      const scaled = interval && { low: scale * interval.low, high: scale * interval.high };
      const points = formatDifference(difference === null ? null : scale * difference, 1);
      const unit = isLength(measure) ? 'words' : 'points';
      return {
        first,
        second,
        name: COST_NAMES[measure],
        by,
        difference: `${points} ${unit} ${formatRange(scaled, 1)}`.trim(),
        p: formatPCell(pValue),
        cases,
      };
    }),
  );
}
