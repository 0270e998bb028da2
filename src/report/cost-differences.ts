import { isLength } from '../evaluation/costs/cost-measures.ts';
import { COST_NAMES, type CostCell } from '../evaluation/costs/costs-table.ts';
import type { CostDifference } from '../evaluation/costs/measure-costs.ts';
import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import { formatDifference, formatRange } from './format-numbers.ts';

/** One line of a table of differences in costs. */
export interface CostDifferenceRow {
  readonly name: string;
  readonly by: string;
  /** One per comparison, in words or percentage points; empty if it was not measured for both. */
  readonly cells: readonly CostCell[];
}

/**
 * The differences in costs, one line per measure and way to decide it. Without p-values: these are many side results, and a
 * few would be significant by chance.
 */
export function costDifferenceRows(comparisons: readonly EvaluationComparison[]): CostDifferenceRow[] {
  const all = comparisons.flatMap(({ costs }) => costs);
  const kinds = new Map(all.map((own) => [kindOf(own), own]));
  return [...kinds].map(([kind, { measure, by }]) => ({
    name: COST_NAMES[measure],
    by,
    cells: comparisons.map(({ costs }) => {
      const own = costs.find((difference) => kindOf(difference) === kind);
      return own === undefined ? { value: '', detail: '' } : formatCostDifference(own);
    }),
  }));
}

function kindOf({ measure, by }: CostDifference): string {
  return `${measure} ${by}`;
}

/** `+4.1 pp` with `[2.0, 6.3] (n = 100)`. */
function formatCostDifference({ measure, difference, interval, cases }: CostDifference): CostCell {
  const scale = isLength(measure) ? 1 : 100;
  const scaled = interval && { low: scale * interval.low, high: scale * interval.high };
  const value = formatDifference(difference === null ? null : scale * difference, 1);
  return {
    value: `${value}${isLength(measure) ? '' : ' pp'}`,
    detail: `${formatRange(scaled, 1)} (n = ${cases})`.trim(),
  };
}
