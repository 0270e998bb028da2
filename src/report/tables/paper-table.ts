import { markdownTable, markdownText } from '../../internal/markdown.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkChoice } from '../../internal/options.ts';
import { buildPaperTable, type PaperTable, type PaperTableOptions } from './build-paper-table.ts';
import { paperCsv } from './paper-csv.ts';
import { paperLatex } from './paper-latex.ts';
import type { ResultRow } from './result-row.ts';

/**
 * Formats results in the layout of the paper's Table 1 and Table 2: grouped by base model, with a column for the variant,
 * then the columns of `resultsTable`.
 *
 * @example
 * ```ts
 * import { readEvaluation } from 'aloe-align';
 * import { publishedResults } from 'aloe-align/benchmark';
 * import { paperTable } from 'aloe-align/report';
 *
 * const model = 'Qwen2-7B-Instruct';
 * const rows = [
 *   { model, type: 'Base', result: await readEvaluation('base.json') },
 *   { model, type: 'Ours', result: await readEvaluation('sft-dpo.json') },
 * ];
 * console.log(paperTable(rows, { format: 'latex', published: publishedResults }));
 * ```
 *
 * @throws InvalidOptionError if a row or option is invalid, two rows have the same model and type, or no row has a
 * published one.
 */
export function paperTable(rows: readonly ResultRow[], options: PaperTableOptions = {}): string {
  checkKnownOptions<PaperTableOptions>('paperTable()', options, {
    format: true,
    typeHeading: true,
    intervals: true,
    published: true,
  });
  const format = checkChoice('format', options.format ?? 'markdown', ['markdown', 'latex', 'csv']);
  if (format === 'csv') return paperCsv(rows, options);
  return format === 'latex'
    ? paperLatex(buildPaperTable(rows, options))
    : paperMarkdown(buildPaperTable(rows, options, markdownText));
}

function paperMarkdown({ header, typeHeading, groups, notes }: PaperTable): string {
  const lines = groups.flatMap(({ model, rows }) =>
    rows.map(({ type, cells }, index) => [
      index === 0 ? markdownText(model) : '',
      markdownText(type),
      ...cells,
    ]),
  );
  const table = `${markdownTable(['Model', markdownText(typeHeading), ...header], lines, 2)}\n`;
  return notes.length === 0 ? table : `${table}\n${notes.join('\n')}\n`;
}
