import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

/** One row of the table. */
export interface FigureRow {
  readonly figure: string;
  /** What was measured. */
  readonly what: string;
  /** Median of the rounds, with minimum and maximum. */
  readonly measured: string;
  /** Empty for rows that are only there for comparison. */
  readonly target: string;
  /** Null without a target. */
  readonly met: boolean | null;
}

export const RESULTS: URL = new URL('./results/', import.meta.url);

export interface FigureResult {
  readonly machine: string;
  /** Measured with small rounds: shows that it works, not how fast. */
  readonly quick: boolean;
  readonly rows: readonly FigureRow[];
  readonly rounds: unknown;
}

/** `--quick` and `--rounds`, accepted by every figure. Default: 5 rounds, 1 with --quick. */
export function benchOptions(): { readonly quick: boolean; readonly rounds: number } {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, rounds: { type: 'string' } } });
  const quick = values.quick ?? false;
  return { quick, rounds: Number(values.rounds ?? (quick ? 1 : 5)) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `0.91 (0.89-0.93)`: median with minimum and maximum. */
export function spread(values: readonly number[], digits = 0): string {
  if (values.length === 0) return '-';
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return `${middle} (${least}-${most})`;
}

/** A row whose median must be at most or at least its target. */
export function judged(
  figure: string,
  what: string,
  values: readonly number[],
  { atMost, atLeast, digits, unit = '' }: Bound,
): FigureRow {
  const bound = atMost ?? atLeast;
  return {
    figure,
    what,
    measured: `${spread(values, digits)}${unit}`,
    target: bound === undefined ? '' : `${atMost === undefined ? '>=' : '<='} ${bound}${unit}`,
    met:
      bound === undefined || values.length === 0
        ? null
        : atMost === undefined
          ? median(values) >= bound
          : median(values) <= bound,
  };
}

export interface Bound {
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly digits: number;
  /** Including a leading space. */
  readonly unit?: string;
}

/** The hardware and Node version, without anything that identifies the owner. */
export function describeMachine(): string {
  const [minute = 0] = loadavg();
  return [
    cpus()[0]?.model.trim() ?? 'unknown processor',
    `${cpus().length} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Node ${process.versions.node}`,
    new Date().toISOString().slice(0, 10),
    `load average ${minute.toFixed(1)}`,
  ].join(', ');
}

/** Writes `results/<name>.json` and prints the rows. */
export async function saveFigure(name: string, result: Omit<FigureResult, 'machine'>): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const content: FigureResult = { machine: describeMachine(), ...result };
  await writeFile(new URL(`${name}.json`, RESULTS), `${JSON.stringify(content, null, 2)}\n`);
  console.log(markdownTable(result.rows));
}

export function markdownTable(rows: readonly FigureRow[]): string {
  const cells = rows.map(({ figure, what, measured, target, met }) => [
    `${figure}: ${what}`,
    measured,
    target,
    met === null ? '' : met ? 'yes' : 'no',
  ]);
  const head = ['figure', 'measured (min-max)', 'target', 'met'];
  const widths = head.map((_title, column) =>
    Math.max(...[head, ...cells].map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
