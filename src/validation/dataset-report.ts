import { counted } from '../internal/format.ts';
import { markdownText } from '../internal/markdown.ts';
import type { LengthBias } from '../preferences/length-bias.ts';
import type { StyleGap } from '../preferences/style-gap.ts';
import type { TokenStatistics } from './check-lengths.ts';
import type { DatasetFormat } from './dataset-formats.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { DatasetFinding } from './findings.ts';

/** The result of {@link validateDataset}, as plain JSON-safe data. */
export interface DatasetReport {
  /** Version of this structure. */
  readonly schema: 'aloe-dataset-check/1';
  /** File name without its directory. */
  readonly file: string;
  /** Detected from the content, whatever the name says. */
  readonly fileType: 'jsonl' | 'parquet';
  /** Null if no format was given and none was recognised. */
  readonly format: DatasetFormat | null;
  /** Number of rows that could be read. */
  readonly rows: number;
  /** Number of findings of level `error`, including those not kept. */
  readonly errors: number;
  /** Number of findings of level `warning`, including those not kept. */
  readonly warnings: number;
  /** How often each kind was found. Kinds that were not found are absent. */
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
  /** The first findings of each kind, up to `maxFindings`, in the order they were found. */
  readonly findings: readonly DatasetFinding[];
  /** Null if the rows are not pairs. */
  readonly lengthBias: LengthBias | null;
  /** Null if the rows are not pairs. */
  readonly styleGap: StyleGap | null;
  /** Null without a tokenizer. */
  readonly tokens: TokenStatistics | null;
}

/** Formats a report as Markdown: the counts, then the findings by kind, errors first. */
export function describeDataset(report: DatasetReport): string {
  const { file, format, fileType, rows, errors, warnings, tokens, findings, counts } = report;
  const lines = [
    `## ${markdownText(file)}`,
    '',
    `${format ?? 'Unknown format'}, ${fileType}, ${count(rows, 'row')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.`,
  ];
  if (tokens?.rows) {
    const { mean, p95, max } = tokens.rows;
    lines.push(
      '',
      `Tokens per row (${markdownText(tokens.tokenizer)}): ${mean} on average, 95 % up to ${p95}, longest ${max}` +
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
      lines.push(line === null ? `- ${markdownText(message)}` : `- line ${line}: ${markdownText(message)}`);
    if (total > kept.length) lines.push(`- and ${total - kept.length} more`);
  }
  return `${lines.join('\n')}\n`;
}

function count(number: number, noun: string): string {
  return number === 0 ? `no ${noun}s` : counted(number, noun);
}
