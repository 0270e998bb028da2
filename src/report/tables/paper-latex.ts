import { latexText } from '../../internal/latex-text.ts';
import type { PaperTable } from './build-paper-table.ts';

/** A `tabular` with the notes as its last rows, so that they stay with it inside `\resizebox`. */
export function paperLatex({ header, typeHeading, groups, notes }: PaperTable): string {
  const head = ['Model', latexText(typeHeading), ...header.map(heading)];
  const body = groups.map(({ model, rows }) =>
    rows.map(({ type, cells }, index) =>
      line([index === 0 ? latexText(model) : '', latexText(type), ...cells.map(number)]),
    ),
  );
  const note = (text: string) =>
    `\\multicolumn{${head.length}}{p{\\linewidth}}{\\footnotesize ${minus(latexText(text))}} \\\\`;
  return [
    `\\begin{tabular}{ll*{${header.length}}{r}}`,
    '\\toprule',
    line(head),
    '\\midrule',
    body.map((rows) => rows.join('\n')).join('\n\\midrule\n'),
    '\\bottomrule',
    ...notes.map((text) => note(text.replace(/^- /, ''))),
    '\\end{tabular}',
    '',
  ].join('\n');
}

function line(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`;
}

/** `k=1`, `N-R2` and `IR - published` as they are typeset. */
function heading(text: string): string {
  return latexText(text)
    .replace(/^k=(\d+)$/, '$$k=$1$$')
    .replace('R2', '$R^2$')
    .replace(' - ', ' $-$ ');
}

/** A cell, with a dash for a missing number. */
function number(cell: string): string {
  return minus(latexText(cell)).replaceAll('–', '--');
}

/** Sets minus signs as such. The hyphens of a date or a name stay. */
function minus(text: string): string {
  return text.replace(/(?<![\p{L}\d])-(?=\d)/gu, '$-$');
}
