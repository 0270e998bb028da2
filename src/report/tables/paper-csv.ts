import Papa from 'papaparse';
import { checkSameRubric } from '../../evaluation/same-rubric.ts';
import { csvText } from '../../internal/csv-text.ts';
import type { Interval } from '../../metrics/index.ts';
import type { PaperTableOptions } from './build-paper-table.ts';
import { comparePublished } from './compare-published.ts';
import { groupRows, type ResultRow } from './result-row.ts';

/** The cells of a row by column name. Null for a missing number, which is an empty cell. */
type CsvRow = Readonly<Record<string, string | number | null | undefined>>;

/** Plain numbers for spreadsheets and statistics. The text begins with a byte order mark, so that Excel reads it as UTF-8. */
export function paperCsv(
  given: readonly ResultRow[],
  { intervals = true, published }: Omit<PaperTableOptions, 'format'>,
): string {
  const rows = groupRows(given).flatMap((group) => group.rows);
  checkSameRubric(
    rows.map(({ result }) => result),
    'rows',
  );
  const turns = Math.max(...rows.map(({ result }) => result.lock.turns));
  const differences = published === undefined ? null : comparePublished(rows, published);
  const table = rows.map(({ model, type, result }, index): CsvRow => {
    const { levels, average, ownMinusOther, improvementRate, normalizedImprovementRate, statistics } = result;
    const bounds = (name: string, interval: Interval | null) =>
      intervals ? { [`${name}_low`]: interval?.low, [`${name}_high`]: interval?.high } : {};
    const difference = differences?.[index];
    return {
      model: csvText(model),
      type: csvText(type),
      ...Object.fromEntries(
        Array.from({ length: turns }, (_, turn) => [`k${turn + 1}`, levels[turn]?.level]),
      ),
      average,
      ...bounds('average', statistics.average),
      own_minus_other: ownMinusOther?.difference,
      ...bounds('own_minus_other', ownMinusOther?.interval ?? null),
      ir: improvementRate?.slope,
      ...bounds('ir', statistics.improvementRate),
      n_ir: normalizedImprovementRate?.slope,
      r2: improvementRate?.r2,
      n_r2: normalizedImprovementRate?.r2,
      scored: levels.reduce((sum, { scored }) => sum + scored, 0),
      asked: levels.reduce((sum, { asked }) => sum + asked, 0),
      ...(difference && {
        average_minus_published: difference.average,
        ir_minus_published: difference.improvementRate,
      }),
    };
  });
  return `\uFEFF${Papa.unparse(table)}\r\n`;
}
