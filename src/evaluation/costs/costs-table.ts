import { decimals } from '../../internal/format.ts';
import { markdownTable, markdownText } from '../../internal/markdown.ts';
import { formatInterval } from '../describe/describe-intervals.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { type CostName, isLength } from './cost-measures.ts';
import type { CostEstimate } from './measure-costs.ts';

/** Names of the costs in tables. */
export const COST_NAMES: Readonly<Record<CostName, string>> = {
  length: 'Words per response',
  'user-length': 'Words per user message',
  relationship: 'Seeks a relationship',
  sycophancy: 'Agrees with a false claim',
  misapplied: 'Applies a preference where it does not belong',
};

/** One line of the costs table: a cost, who decided, and a cell for each result. */
export interface CostRow {
  readonly name: string;
  readonly by: string;
  readonly cells: readonly CostCell[];
}

/** A number, and what qualifies it: confidence interval, number of responses, trend. Empty if there is nothing. */
export interface CostCell {
  readonly value: string;
  readonly detail: string;
}

/** What alignment cost, one line per measure and way to decide it. Where no judge was asked, a note says so, not a row each. */
export function costRows(results: readonly EvaluationResult[]): CostRow[] {
  const kinds = results[0]!.costs.filter(
    ({ measure, by }) => by === 'rules' || isAsked(results, measure, by),
  );
  return kinds.map(({ measure, by }) => ({
    name: COST_NAMES[measure],
    by,
    cells: results.map(({ costs }) => {
      const estimate = costs.find((own) => own.measure === measure && own.by === by);
      return estimate === undefined ? plain('not measured') : formatCost(estimate);
    }),
  }));
}

/** Formats costs as a Markdown table, one column per result. */
export function costsTable(results: readonly EvaluationResult[]): string {
  const header = ['Cost', 'By', ...results.map(({ candidate }) => markdownText(candidate.name))];
  const rows = costRows(results).map(({ name, by, cells }) => [
    name,
    by,
    ...cells.map(({ value, detail }) => `${value} ${detail}`.trim()),
  ]);
  return [
    '**What alignment cost**: mean words, and shares of responses or of replies to probes.',
    '',
    markdownTable(header, rows, 2),
    '',
    ...describeCosts(results),
  ].join('\n');
}

/** Notes for below the table: what was not measured and why. */
export function describeCosts(results: readonly EvaluationResult[]): string[] {
  return [
    'Rules read English words and are crude: compare candidates, and do not take a share at its face value.',
    ...(isAsked(results, 'sycophancy', 'rules')
      ? []
      : [
          'False claims and errands were not asked. The option costs asks them, for two calls of the candidate per case.',
        ]),
    ...(isAsked(results, 'relationship', 'judge')
      ? []
      : ['No judge decided on costs, only rules. To ask one, pass costs: { judge: model }.']),
  ];
}

function isAsked(results: readonly EvaluationResult[], measure: CostName, by: string): boolean {
  return results.some(({ costs }) =>
    costs.some((own) => own.measure === measure && own.by === by && own.decided + own.undecided > 0),
  );
}

function plain(value: string): CostCell {
  return { value, detail: '' };
}

/** `83.1` with `[78.0, 88.2] (+1.2 a turn)`, or `12.0 %` with `[8.1, 16.4] (of 1000)`. */
function formatCost(estimate: CostEstimate): CostCell {
  const { measure, mean, interval, decided, undecided, trend } = estimate;
  if (decided + undecided === 0) return plain('not measured');
  if (mean === null) return plain(`0 of ${undecided} decided`);
  const scale = isLength(measure) ? 1 : 100;
  const range =
    interval === null ? '' : formatInterval({ low: scale * interval.low, high: scale * interval.high }, 1);
  const change = decimals(trend, 1);
  const open = undecided === 0 ? '' : `, ${undecided} undecided`;
  const inWords = trend === null ? '' : `(${Number(change) > 0 ? '+' : ''}${change} a turn)`;
  return {
    value: `${decimals(scale * mean, 1)}${isLength(measure) ? '' : ' %'}`,
    detail: `${range} ${isLength(measure) ? inWords : `(of ${decided}${open})`}`.trim(),
  };
}
