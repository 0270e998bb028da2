import type { EvaluationComparison } from '../../evaluation/evaluation-comparison.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import type { PairedEstimate } from '../../metrics/index.ts';
import { html, type Markup } from '../../page/html.ts';
import { warningsOf } from '../collect-warnings.ts';
import { formatDifference, formatPCell, formatRange } from '../format-numbers.ts';
import { writeAddress } from '../page/address.ts';
import { type Section, wide } from './section.ts';

const COLUMNS = ['Difference', 'p', '+ / = / −', 'IR', 'p', 'Own − other', 'p', 'Compared'] as const;

/** Paired comparisons: two candidates on the same cases. */
export function comparisonsSection(
  comparisons: readonly EvaluationComparison[],
  evaluations: readonly EvaluationResult[],
): Section {
  const table = html`<table>
<caption><span class="caption">Paired differences in average level, IR and own minus other, over the responses that both have scores for, with confidence intervals. p: probability of a difference at least this large between equally good candidates; none with fewer than six independent cases. Below it, where there are several candidates: adjusted for their number (Holm). + / = / −: cases in which the first has the higher, equal or lower average. Compared: responses with a score on both sides, of those asked for.</span></caption>
<thead><tr><th scope="col">Candidates</th>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${comparisons.map((comparison) => row(comparison, warningsOf(comparison, evaluations).length > 0))}
</tbody>
</table>`;
  const warnings = comparisons.flatMap((comparison) =>
    warningsOf(comparison, evaluations).map(
      (warning) =>
        html`<li><bdi>${comparison.second}</bdi> vs. <bdi>${comparison.first}</bdi>: ${warning}</li>`,
    ),
  );
  return {
    id: 'comparisons',
    heading: 'Comparisons',
    content: html`<p class="about">Two candidates talk to the same users, so they are compared user by user: a difference is the average score of the first minus that of the second. If the confidence interval includes 0, either could be the better one. Select a pair of names to read their conversations side by side, largest differences first.</p>
${warnings.length === 0 ? null : html`<ul class="warnings" aria-label="Warnings on comparisons">${warnings}</ul>`}
${wide('Table of comparisons', table)}`,
  };
}

function row(compared: EvaluationComparison, isWarned: boolean): Markup {
  const { first, second, better, equal, worse, coverage, ...comparison } = compared;
  const href = writeAddress({ open: null, fields: { candidate: second, with: first, order: 'gap' } });
  const { difference, interval, improvementRate, ownMinusOther } = comparison;
  return html`<tr><th scope="row"><a href="${href}"><bdi>${second}</bdi> vs. <bdi>${first}</bdi></a>${!isWarned ? null : html`<span class="interval">see the warnings above</span>`}</th>
${differenceCell(difference, formatRange(interval, 2), 2)}${pCell(comparison)}
<td>${`${better} / ${equal} / ${worse}`}</td>
${differenceCell(improvementRate.difference, formatRange(improvementRate.interval, 3), 3)}${pCell(improvementRate)}
${ownMinusOther === null ? html`<td>not measured</td><td></td>` : html`${differenceCell(ownMinusOther.difference, formatRange(ownMinusOther.interval, 2), 2)}${pCell(ownMinusOther)}`}
<td>${coverage.compared}/${coverage.asked}</td></tr>
`;
}

function pCell({ pValue, adjustedPValue }: Pick<PairedEstimate, 'pValue' | 'adjustedPValue'>): Markup {
  const adjusted =
    adjustedPValue === pValue
      ? null
      : html`<span class="interval">adjusted ${formatPCell(adjustedPValue)}</span>`;
  return html`<td>${formatPCell(pValue)}${adjusted}</td>`;
}

function differenceCell(value: number | null, interval: string, places: number): Markup {
  return html`<td>${formatDifference(value, places)}<span class="interval">${interval}</span></td>`;
}
