import { decimals } from '../../internal/format.ts';
import { markdownTable, markdownText } from '../../internal/markdown.ts';
import type { PairedEstimate } from '../../metrics/index.ts';
import type { EvaluationComparison } from '../evaluation-comparison.ts';
import { formatInterval } from './describe-intervals.ts';

/**
 * Formats a comparison as Markdown: the difference in average level, in IR, in own minus other and at each turn, with
 * confidence intervals and p-values (of turns: adjusted for their number), then its warnings. Above 0, the second is better.
 *
 * @example
 * ```ts
 * import { compareEvaluations, describeComparison, readEvaluation } from 'aloe-align';
 *
 * const [base, tuned] = await Promise.all(['base.json', 'tuned.json'].map(readEvaluation));
 * console.log(describeComparison(compareEvaluations(base!, tuned!)));
 * ```
 */
export function describeComparison(comparison: EvaluationComparison): string {
  const { first, second, improvementRate, ownMinusOther, byTurn, coverage, warnings } = comparison;
  const { better, equal, worse } = comparison;
  const table = markdownTable(
    [`${markdownText(second)} minus ${markdownText(first)}`, 'Difference', 'Interval', 'p', 'Cases'],
    [
      row('Average', comparison, 2),
      row('IR', improvementRate, 3),
      ...(ownMinusOther === null ? [] : [row('Own - other', ownMinusOther, 2)]),
      ...byTurn.map((turn) => row(`k=${turn.turn}`, turn, 2)),
    ],
  );
  const counts = `Average by case: ${better} better, ${equal} equal, ${worse} worse. ${coverage.compared} of ${coverage.asked} responses compared.`;
  const notes = warnings.map((warning) => `- ${markdownText(warning)}\n`).join('');
  return `${table}\n\n${counts}\n${notes === '' ? '' : `\n${notes}`}`;
}

function row(
  name: string,
  { difference, interval, adjustedPValue, cases }: PairedEstimate,
  places: number,
): (string | number)[] {
  const sign = difference !== null && Number(difference.toFixed(places)) > 0 ? '+' : '';
  const p = adjustedPValue !== null && adjustedPValue < 0.001 ? '< 0.001' : decimals(adjustedPValue, 3);
  const range = interval === null ? '–' : formatInterval(interval, places);
  return [name, `${sign}${decimals(difference, places)}`, range, p, cases];
}
