import Papa from 'papaparse';
import { csvText } from '../internal/csv-text.ts';
import { checkKnownOptions, flag } from '../internal/option-checks.ts';
import { checkChoice } from '../internal/options.ts';

/** A value in a row. */
export type Cell = string | number | boolean | null;

/** Options of {@link toCsv}. */
export interface CsvOptions {
  /** Separator between cells. Default `,`. Use `;` for an Excel whose locale writes decimals with a comma. */
  readonly delimiter?: ',' | ';' | '\t' | undefined;
  /**
   * Make the file safe to open in a spreadsheet: an apostrophe stands wherever a text could be taken for a formula, and
   * the file begins with a byte order mark, so that Excel reads it as UTF-8. With false, texts are written unchanged, for
   * programs. Default true.
   */
  readonly spreadsheet?: boolean | undefined;
}

/**
 * Formats flat rows as CSV, with the column names in the first line. A null is an empty cell.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { readEvaluation } from 'aloe-align';
 * import { rows, toCsv } from 'aloe-align/rows';
 *
 * await writeFile('turns.csv', toCsv(rows(await readEvaluation('tuned.json'), 'turns')));
 * ```
 *
 * @returns The text; empty if there are no rows.
 * @throws InvalidOptionError if an option is unknown or wrong.
 */
export function toCsv<Row extends { readonly [Column in keyof Row]: Cell }>(
  rows: readonly Row[],
  options: CsvOptions = {},
): string {
  checkKnownOptions<CsvOptions>('toCsv()', options, { delimiter: true, spreadsheet: true });
  const delimiter = checkChoice('delimiter', options.delimiter ?? ',', [',', ';', '\t']);
  const spreadsheet = flag(true)(options.spreadsheet, 'spreadsheet');
  if (rows.length === 0) return '';
  const columns = Object.keys(rows[0]!) as (keyof Row & string)[];
  const show = (cell: Cell) => (spreadsheet && typeof cell === 'string' ? csvText(cell) : cell);
  const cells = rows.map((row) => columns.map((column) => show(row[column])));
  const names = columns.map(show);
  return `${spreadsheet ? '\uFEFF' : ''}${Papa.unparse([names, ...cells], { delimiter })}\r\n`;
}
