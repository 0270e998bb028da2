import { decimals } from '../internal/format.ts';
import { markdownText } from '../internal/markdown.ts';
import type { Interval } from '../metrics/index.ts';
import { describeIntervals, formatInterval } from './describe-intervals.ts';
import { describeMissingScores } from './describe-missing-scores.ts';
import type { EvaluationResult, TurnLevel } from './evaluation-result.ts';
import { formatLevel } from './format-level.ts';
import { describeLockDifferences } from './lock-differences.ts';

/** Options of {@link resultsTable}. */
export interface ResultsTableOptions {
  /**
   * Show confidence intervals for average, IR and N-IR, and say below the table whether IR and N-IR can be told apart
   * from no improvement. With false, only the plain columns of Table 1. Default true.
   */
  readonly intervals?: boolean | undefined;
}

/**
 * Formats results as a Markdown table with the columns of the paper's Table 1, plus the number of scores per row. AL(k)
 * and average have two decimals, rates three; intervals read `3.81 [3.70, 3.92]`. "–" marks a missing number. A level
 * with missing scores shows their number: `4.10 (97/100)`. Notes below the table say which scores are missing and what
 * that means for averages and IR, how the locks of other rows differ from that of the first, and what can still be
 * compared.
 *
 * @example
 * ```ts
 * import { readEvaluation, resultsTable } from 'aloe-align';
 *
 * console.log(resultsTable([await readEvaluation('base.json'), await readEvaluation('tuned.json')]));
 * ```
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
      markdownText(candidate.name),
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
  const notes = [
    ...(intervals ? describeIntervals(results) : []),
    ...describeMissingScores(results, intervals),
    ...describeLocks(results),
  ];
  return notes.length === 0 ? table : `${table}\n${notes.join('\n')}\n`;
}

/** How the locks of other rows differ from that of the first. */
function describeLocks(results: readonly EvaluationResult[]): string[] {
  return results.flatMap(({ candidate, lock }) =>
    describeLockDifferences(results[0]!.lock, lock).map(
      (difference) => `- ${markdownText(candidate.name)} vs. the first row: ${markdownText(difference)}`,
    ),
  );
}

function coverage(levels: readonly TurnLevel[]): string {
  const sum = (key: 'scored' | 'asked') => levels.reduce((total, level) => total + level[key], 0);
  return `${sum('scored')}/${sum('asked')}`;
}
