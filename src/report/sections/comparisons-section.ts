import type { EvaluationComparison } from '../../evaluation/compare-evaluations.ts';
import { html, type Markup } from '../../page/html.ts';
import { formatDifference, formatPCell, formatRange } from '../format-numbers.ts';
import { type Section, wide } from './section.ts';

const COLUMNS = ['Difference', 'p', 'Better', 'Equal', 'Worse', 'IR', 'p', 'Own − other', 'p'] as const;

/** Paired comparisons: two candidates on the same cases. */
export function comparisonsSection(comparisons: readonly EvaluationComparison[]): Section {
  const table = html`<table>
<caption><span class="caption">Paired differences (first minus second) in average level, IR and own minus other, over the cases that both have scores for, with confidence intervals. p: probability of a difference at least this large between equally good candidates. Better, equal, worse: number of cases by average level.</span></caption>
<thead><tr><th scope="col">Candidates</th>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${comparisons.map(row)}
</tbody>
</table>`;
  return { id: 'comparisons', heading: 'Comparisons', content: wide('Table of comparisons', table) };
}

function row({ first, second, better, equal, worse, ...comparison }: EvaluationComparison): Markup {
  const { difference, interval, pValue, improvementRate, ownMinusOther } = comparison;
  return html`<tr><th scope="row"><bdi>${second}</bdi> vs. <bdi>${first}</bdi></th>
${differenceCell(difference, formatRange(interval, 2), 2)}<td>${formatPCell(pValue)}</td>
<td>${better}</td><td>${equal}</td><td>${worse}</td>
${differenceCell(improvementRate.difference, formatRange(improvementRate.interval, 3), 3)}<td>${formatPCell(improvementRate.pValue)}</td>
${ownMinusOther === null ? html`<td>not measured</td><td></td>` : html`${differenceCell(ownMinusOther.difference, formatRange(ownMinusOther.interval, 2), 2)}<td>${formatPCell(ownMinusOther.pValue)}</td>`}</tr>
`;
}

function differenceCell(value: number | null, interval: string, places: number): Markup {
  return html`<td>${formatDifference(value, places)}<span class="interval">${interval}</span></td>`;
}
