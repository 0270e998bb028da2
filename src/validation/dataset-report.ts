import type { LengthBias } from '../preferences/length-bias.ts';
import type { TokenStatistics } from './check-lengths.ts';
import type { DatasetFormat } from './dataset-formats.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { DatasetFinding } from './findings.ts';

/** What was found in a dataset, as plain data. */
export interface DatasetReport {
  readonly schema: 'aloe-dataset-check/1';
  /** The file's name, without its folder. */
  readonly file: string;
  readonly fileType: 'jsonl' | 'parquet';
  /** Null when it was not told and no row told it. */
  readonly format: DatasetFormat | null;
  /** Rows that could be read. */
  readonly rows: number;
  readonly errors: number;
  readonly warnings: number;
  /** How often each kind was found. */
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
  /** The first of each kind, in the order of the file. */
  readonly findings: readonly DatasetFinding[];
  /** Null where rows are no pairs. */
  readonly lengthBias: LengthBias | null;
  /** Null without a tokenizer. */
  readonly tokens: TokenStatistics | null;
}

/** A dataset report for people, in Markdown: the counts, then the findings by kind, errors first. */
export function describeDataset(report: DatasetReport): string {
  const { file, format, fileType, rows, errors, warnings, tokens, findings, counts } = report;
  const lines = [
    `## ${file}`,
    '',
    `${format ?? 'Unknown format'}, ${fileType}, ${count(rows, 'row')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.`,
  ];
  if (tokens?.rows) {
    const { mean, p95, max } = tokens.rows;
    lines.push(
      '',
      `Tokens per row (${tokens.tokenizer}): ${mean} on average, 95 % up to ${p95}, longest ${max}` +
        `${tokens.maxLength === null ? '' : ` (of ${tokens.maxLength})`}.`,
    );
  }
  const errorsFirst = findings.toSorted((a, b) => a.level.localeCompare(b.level));
  for (const kind of new Set(errorsFirst.map((finding) => finding.kind))) {
    const kept = findings.filter((finding) => finding.kind === kind);
    const { level, remedy } = kept[0]!;
    const total = counts[kind] ?? kept.length;
    lines.push('', `### ${level}: ${kind} (${total})`, '', remedy, '');
    for (const { line, message } of kept)
      lines.push(line === null ? `- ${message}` : `- line ${line}: ${message}`);
    if (total > kept.length) lines.push(`- and ${total - kept.length} more`);
  }
  return `${lines.join('\n')}\n`;
}

function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}
