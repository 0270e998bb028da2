import { html, type Markup } from '../../page/html.ts';
import { paperChart } from '../charts/paper-chart.ts';
import { buildPaperTable, type PaperTable } from '../tables/build-paper-table.ts';
import type { ResultRow } from '../tables/result-row.ts';
import { figure, type Section, wide } from './section.ts';

/** Table 1 and Figure 4 of the paper: results grouped by base model. */
export function paperSection(rows: readonly ResultRow[]): Section {
  // The section on results has the intervals and notes of the same evaluations.
  const { header, typeHeading, groups } = buildPaperTable(rows, { intervals: false });
  const table = html`<table>
<caption><span class="caption">The columns of the paper's Table 1. In parentheses: the number of scores, where some are missing.</span></caption>
<thead><tr>${[typeHeading, ...header].map((name) => html`<th scope="col">${name.replace('R2', 'R²')}</th>`)}</tr></thead>
${groups.map(
  ({
    model,
    rows: own,
  }) => html`<tbody><tr><th scope="rowgroup" colspan="${String(header.length + 1)}"><bdi>${model}</bdi></th></tr>
${own.map(row)}</tbody>
`,
)}</table>`;
  return {
    id: 'by-model',
    heading: 'By base model',
    content: html`${wide('Results by base model', table)}
${figure(paperChart(rows), 'AL(k) by turn k. Solid: the base model. Dotted: its tuned variants. All panels share the same axes.')}`,
  };
}

function row({ type, cells }: PaperTable['groups'][number]['rows'][number]): Markup {
  return html`<tr><th scope="row"><bdi>${type}</bdi></th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
}
