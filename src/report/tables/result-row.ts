import { InvalidOptionError } from '../../errors.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { oneLine } from '../../internal/format.ts';

/** An evaluation and its place in a table of the paper: the base model, and which variant of it was evaluated. */
export interface ResultRow {
  /** The base model. Rows with the same one form a group. To compare with published numbers, name it as the paper does. */
  readonly model: string;
  /** The variant, such as `Base`, `Ours`, `SFT-Preferred` or `SFT-Rejected`. */
  readonly type: string;
  readonly result: EvaluationResult;
}

/** The rows of one base model. */
export interface RowGroup {
  readonly model: string;
  readonly rows: readonly ResultRow[];
}

/**
 * Groups rows by base model, in the order in which models and rows come.
 *
 * @param option Name of the rows in error messages.
 * @throws InvalidOptionError if there are no rows, or a row has no model, type or result, or repeats an earlier one.
 */
export function groupRows(rows: readonly ResultRow[], option = 'rows'): RowGroup[] {
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new InvalidOptionError(option, 'an array of at least one { model, type, result }', rows);
  }
  const groups = new Map<string, Map<string, ResultRow>>();
  for (const [index, row] of (rows as readonly ResultRow[]).entries()) {
    for (const name of ['model', 'type'] as const) {
      if (typeof row?.[name] !== 'string' || row[name].trim() === '') {
        throw new InvalidOptionError(`${option}[${index}].${name}`, 'a non-empty string', row?.[name]);
      }
    }
    if (!Array.isArray(row.result?.levels)) {
      throw new InvalidOptionError(`${option}[${index}].result`, 'the result of an evaluation', row.result);
    }
    const group = groups.get(row.model) ?? new Map<string, ResultRow>();
    if (group.has(row.type)) {
      throw new InvalidOptionError(`${option}[${index}].type`, `one row per type of ${row.model}`, row.type);
    }
    groups.set(row.model, group.set(row.type, row));
  }
  return [...groups].map(([model, group]) => ({ model, rows: [...group.values()] }));
}

/** The results of all groups, each under its model and type. */
export function namedResults(groups: readonly RowGroup[]): EvaluationResult[] {
  return groups.flatMap(({ rows }) =>
    rows.map(({ model, type, result }) => ({
      ...result,
      candidate: { ...result.candidate, name: `${oneLine(model)}, ${oneLine(type)}` },
    })),
  );
}
