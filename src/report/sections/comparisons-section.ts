import type { EvaluationComparison } from '../../evaluation/compare-evaluations.ts';
import { html, type Markup } from '../../page/html.ts';
import { formatDifference, formatPCell, formatRange } from '../format-numbers.ts';
import { type Section, wide } from './section.ts';

const COLUMNS = ['Difference', 'p', 'Better', 'Equal', 'Worse', 'IR difference', 'p', 'Compared'] as const;

/** Paired comparisons: two candidates on the same cases. */
export function comparisonsSection(comparisons: readonly EvaluationComparison[]): Section {
  const table = html`<table>
<caption><span class="caption">Paired differences (first minus second) over the responses that both have scores for, with confidence intervals. p: probability of a difference at least this large between equally good candidates. Better, equal, worse: number of cases. Compared: responses with a score on both sides, of those asked for.</span></caption>
<thead><tr><th scope="col">Candidates</th>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${comparisons.map(row)}
</tbody>
</table>`;
  return { id: 'comparisons', heading: 'Comparisons', content: wide('Table of comparisons', table) };
}

function row({ first, second, better, equal, worse, coverage, ...comparison }: EvaluationComparison): Markup {
  const { difference, interval, pValue, improvementRate } = comparison;
  return html`<tr><th scope="row"><bdi>${second}</bdi> vs. <bdi>${first}</bdi></th>
${differenceCell(difference, formatRange(interval, 2), 2)}<td>${formatPCell(pValue)}</td>
<td>${better}</td><td>${equal}</td><td>${worse}</td>
${differenceCell(improvementRate.difference, formatRange(improvementRate.interval, 3), 3)}<td>${formatPCell(improvementRate.pValue)}</td>
<td>${coverage.compared}/${coverage.asked}</td></tr>
`;
}

function differenceCell(value: number | null, interval: string, places: number): Markup {
  return html`<td>${formatDifference(value, places)}<span class="interval">${interval}</span></td>`;
}
