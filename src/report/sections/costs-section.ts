import { type CostCell, costRows, describeCosts } from '../../evaluation/costs/costs-table.ts';
import type { EvaluationComparison } from '../../evaluation/evaluation-comparison.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { html, type Markup } from '../../page/html.ts';
import { type CostDifferenceRow, costDifferenceRows } from '../cost-differences.ts';
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
    content: html`<p class="about">A higher score can be bought with things nobody asked for. This table counts some of them: longer responses, phrases that seek a relationship, agreement with false claims, and the user's preferences applied to what is meant for somebody else. Lower is better, except that the best length depends on the user.</p>
${wide('Table of costs', costsTable(evaluations))}
<ul class="note">${describeCosts(evaluations).map((line) => html`<li>${line}</li>`)}</ul>
${differences.length === 0 ? null : wide('Differences in costs', differencesTable(comparisons, differences))}`,
  };
}

function costsTable(evaluations: readonly EvaluationResult[]): Markup {
  return html`<table>
<caption><span class="caption">Mean words, and shares of responses or of replies to probes, with confidence intervals over cases.</span></caption>
<thead><tr><th scope="col">Cost</th><th scope="col" class="text">By</th>${evaluations.map(({ candidate }) => html`<th scope="col"><bdi>${candidate.name}</bdi></th>`)}</tr></thead>
<tbody>
${costRows(evaluations).map(({ name, by, cells }) => html`<tr><th scope="row">${name}</th><td class="text">${by}</td>${cells.map(costCell)}</tr>`)}
</tbody>
</table>`;
}

function differencesTable(
  comparisons: readonly EvaluationComparison[],
  rows: readonly CostDifferenceRow[],
): Markup {
  return html`<table>
<caption><span class="caption">Paired differences in costs (first minus second), in words or percentage points (pp), with confidence intervals.</span></caption>
<thead><tr><th scope="col">Cost</th><th scope="col" class="text">By</th>${comparisons.map(({ first, second }) => html`<th scope="col"><bdi>${second}</bdi> vs. <bdi>${first}</bdi></th>`)}</tr></thead>
<tbody>
${rows.map(({ name, by, cells }) => html`<tr><th scope="row">${name}</th><td class="text">${by}</td>${cells.map(costCell)}</tr>`)}
</tbody>
</table>`;
}

function costCell({ value, detail }: CostCell): Markup {
  return html`<td>${value}${detail === '' ? null : html`<span class="interval">${detail}</span>`}</td>`;
}
