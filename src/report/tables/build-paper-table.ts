import type { PublishedResult } from '../../benchmark/published-results.ts';
import { InvalidOptionError } from '../../errors.ts';
import { resultsTableParts } from '../../evaluation/describe/results-table.ts';
import { decimals, oneLine } from '../../internal/format.ts';
import { comparePublished, PUBLISHED_NOTE } from './compare-published.ts';
import { groupRows, namedResults, type ResultRow } from './result-row.ts';

/** Options of `paperTable`. */
export interface PaperTableOptions {
  /**
   * - `markdown`: a table, with notes below;
   * - `latex`: a `tabular` for the packages `booktabs` and `array`, with the same notes;
   * - `csv`: plain numbers without rounding, intervals in columns of their own, no notes.
   *
   * Default `markdown`.
   */
  readonly format?: 'markdown' | 'latex' | 'csv' | undefined;
  /** Heading of the column with the variant: `Data Type` in Table 2. Default `Type`, as in Table 1. */
  readonly typeHeading?: string | undefined;
  /** Show own minus other and confidence intervals, as in `resultsTable`. Default true. */
  readonly intervals?: boolean | undefined;
  /**
   * Adds two columns: average and IR of a row minus the published ones of the same model and type, such as
   * `publishedResults` from `aloe-align/benchmark`. Default: none.
   */
  readonly published?: readonly PublishedResult[] | undefined;
}

/** A table by base model, before it becomes Markdown or LaTeX. Notes are as `show` made them; model and type are as given. */
export interface PaperTable {
  /** Headings of the cells, without model and type. */
  readonly header: readonly string[];
  readonly typeHeading: string;
  readonly groups: readonly {
    readonly model: string;
    readonly rows: readonly { readonly type: string; readonly cells: readonly string[] }[];
  }[];
  readonly notes: readonly string[];
}

/**
 * Computes the cells and notes.
 *
 * @param show Makes foreign text in notes safe for the format of the table. Default: {@link oneLine}.
 */
export function buildPaperTable(
  rows: readonly ResultRow[],
  { typeHeading = 'Type', intervals = true, published }: Omit<PaperTableOptions, 'format'>,
  show: (text: string) => string = oneLine,
): PaperTable {
  if (typeof typeHeading !== 'string' || typeHeading.trim() === '') {
    throw new InvalidOptionError('typeHeading', 'a non-empty string', typeHeading);
  }
  const groups = groupRows(rows);
  const { header, rows: cells, notes } = resultsTableParts(namedResults(groups), { intervals, show });
  const ordered = groups.flatMap((group) => group.rows);
  const differences = published === undefined ? null : comparePublished(ordered, published);
  const cellsOf = new Map(
    ordered.map((row, index) => {
      const difference = differences?.[index];
      const compared =
        difference === undefined
          ? []
          : [decimals(difference.average, 2), decimals(difference.improvementRate, 3)];
      return [row, [...cells[index]!.slice(1), ...compared]];
    }),
  );
  return {
    header: [...header.slice(1), ...(differences === null ? [] : ['Average - published', 'IR - published'])],
    typeHeading,
    groups: groups.map((group) => ({
      model: group.model,
      rows: group.rows.map((row) => ({ type: row.type, cells: cellsOf.get(row)! })),
    })),
    notes: [...notes, ...(differences === null ? [] : [PUBLISHED_NOTE])],
  };
}
