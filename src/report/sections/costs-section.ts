import type { EvaluationComparison } from '../../evaluation/compare-evaluations.ts';
import { costRows, describeCosts } from '../../evaluation/costs/costs-table.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { html, type Markup } from '../../page/html.ts';
import { costDifferenceRows } from '../cost-differences.ts';
import { type Section, wide } from './section.ts';

/** What alignment cost, by candidate, and the differences between them. */
export function costsSection(
  evaluations: readonly EvaluationResult[],
  comparisons: readonly EvaluationComparison[],
): Section {
  const differences = costDifferenceRows(comparisons);
  return {
    id: 'costs',
    heading: 'What alignment cost',
    content: html`${wide('Table of costs', costsTable(evaluations))}
<ul class="note">${describeCosts(evaluations).map((line) => html`<li>${line}</li>`)}</ul>
${differences.length === 0 ? null : wide('Differences in costs', differencesTable(differences))}`,
  };
}

function costsTable(evaluations: readonly EvaluationResult[]): Markup {
  return html`<table>
<caption><span class="caption">Mean words, and shares of responses or of replies to probes, with confidence intervals over cases.</span></caption>
<thead><tr><th scope="col">Cost</th><th scope="col" class="text">By</th>${evaluations.map(({ candidate }) => html`<th scope="col"><bdi>${candidate.name}</bdi></th>`)}</tr></thead>
<tbody>
${costRows(evaluations).map(({ name, by, cells }) => html`<tr><th scope="row">${name}</th><td class="text">${by}</td>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
</tbody>
</table>`;
}

function differencesTable(rows: ReturnType<typeof costDifferenceRows>): Markup {
  return html`<table>
<caption><span class="caption">Paired differences in costs (first minus second), in words or percentage points, with confidence intervals.</span></caption>
<thead><tr><th scope="col">Candidates</th><th scope="col" class="text">Cost</th><th scope="col" class="text">By</th><th scope="col">Difference</th><th scope="col">p</th><th scope="col">n</th></tr></thead>
<tbody>
${rows.map(({ first, second, name, by, difference, p, cases }) => html`<tr><th scope="row"><bdi>${second}</bdi> vs. <bdi>${first}</bdi></th><td class="text">${name}</td><td class="text">${by}</td><td>${difference}</td><td>${p}</td><td>${cases}</td></tr>`)}
</tbody>
</table>`;
}
