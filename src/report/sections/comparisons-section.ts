import type { EvaluationComparison } from '../../evaluation/compare-evaluations.ts';
import { html, type Markup } from '../../page/html.ts';
import { formatDifference, formatPValue, formatRange } from '../format-numbers.ts';
import { type Section, wide } from './section.ts';

const COLUMNS = [
  'Difference',
  'Chance',
  'Cases better',
  'equal',
  'worse',
  'IR difference',
  'Chance',
] as const;

/** Two candidates at a time, on the same cases. */
export function comparisonsSection(comparisons: readonly EvaluationComparison[]): Section {
  const table = html`<table>
<caption><span class="caption">Mean difference over the cases that both have scores for: the first less the second. Chance: how often equally good candidates would differ as much.</span></caption>
<thead><tr><th scope="col">Candidates</th>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${comparisons.map(row)}
</tbody>
</table>`;
  return { id: 'comparisons', heading: 'Comparisons', content: wide('Table of comparisons', table) };
}

function row({ first, second, better, equal, worse, ...comparison }: EvaluationComparison): Markup {
  const { difference, interval, pValue, improvementRate } = comparison;
  return html`<tr><th scope="row"><bdi>${second}</bdi> against <bdi>${first}</bdi></th>
${differenceCell(difference, formatRange(interval, 2), 2)}<td>${formatPValue(pValue)}</td>
<td>${better}</td><td>${equal}</td><td>${worse}</td>
${differenceCell(improvementRate.difference, formatRange(improvementRate.interval, 3), 3)}<td>${formatPValue(improvementRate.pValue)}</td></tr>
`;
}

function differenceCell(value: number | null, interval: string, places: number): Markup {
  return html`<td>${formatDifference(value, places)}<span class="interval">${interval}</span></td>`;
}
