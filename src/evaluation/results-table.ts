import { decimals, oneLine, tableText } from '../internal/format.ts';
import type { Interval } from '../metrics/index.ts';
import { describeIntervals, formatInterval } from './describe-intervals.ts';
import type { EvaluationResult, TurnLevel } from './evaluation-result.ts';
import { formatLevel } from './format-level.ts';
import { describeLockDifferences } from './lock-differences.ts';

export interface ResultsTableOptions {
  /**
   * Whether average, IR and N-IR show their intervals, with a list below that says which rates a model without any
   * improvement would reach as well. Default true; false gives the plain columns of Table 1.
   */
  readonly intervals?: boolean | undefined;
}

/**
 * A Markdown table with the columns of the paper's Table 1 and the scores behind each row: AL(k) and average with two
 * decimals, rates with three, and intervals as in `3.81 [3.70, 3.92]`. "–" is a number that could not be had. A level that
 * not all cases stand behind shows how many do: `4.10 (97/100)`. Rows whose lock differs from that of the first are named
 * below, with what may still be compared.
 */
export function resultsTable(
  results: readonly EvaluationResult[],
  { intervals = true }: ResultsTableOptions = {},
): string {
  const turns = Math.max(0, ...results.map(({ lock }) => lock.turns));
  const turnNumbers = Array.from({ length: turns }, (_, index) => index + 1);
  const header = [
    'Model',
    ...turnNumbers.map((k) => `k=${k}`),
    'Average',
    'IR',
    'N-IR',
    'R2',
    'N-R2',
    'Scored',
  ];
  const estimate = (value: number | null | undefined, interval: Interval | null, places: number) =>
    intervals && interval !== null && value !== null && value !== undefined
      ? `${decimals(value, places)} ${formatInterval(interval, places)}`
      : decimals(value, places);
  const rows = results.map(
    ({
      candidate,
      levels,
      average,
      improvementRate: improvement,
      normalizedImprovementRate: normalizedImprovement,
      statistics,
    }) => [
      tableText(candidate.name),
      ...turnNumbers.map((k) => formatLevel(levels[k - 1])),
      estimate(average, statistics.average, 2),
      estimate(improvement?.slope, statistics.improvementRate, 3),
      estimate(normalizedImprovement?.slope, statistics.normalizedImprovementRate, 3),
      decimals(improvement?.r2, 3),
      decimals(normalizedImprovement?.r2, 3),
      coverage(levels),
    ],
  );
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  const table = [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  const notes = [...(intervals ? describeIntervals(results) : []), ...describeLocks(results)];
  return notes.length === 0 ? table : `${table}\n${notes.join('\n')}\n`;
}

/** How the locks of other rows differ from that of the first. */
function describeLocks(results: readonly EvaluationResult[]): string[] {
  return results.flatMap(({ candidate, lock }) =>
    describeLockDifferences(results[0]!.lock, lock).map(
      (difference) => `- ${oneLine(candidate.name)} vs. the first row: ${difference}`,
    ),
  );
}

function coverage(levels: readonly TurnLevel[]): string {
  const sum = (key: 'scored' | 'asked') => levels.reduce((total, level) => total + level[key], 0);
  return `${sum('scored')}/${sum('asked')}`;
}
